-- What the dashboard may read of the received data. A macro gives what was known at a moment; the view is what is known now.

CREATE MACRO mart.slice_as_of(moment) AS TABLE
SELECT dataset, query, period, max(vintage) AS vintage
FROM core.slice WHERE known_from <= moment::timestamp
GROUP BY ALL;

-- A row of a narrower query gives way to a wider one of the same country and month, so that nothing counts twice.
CREATE MACRO mart.trade_month_as_of(moment) AS TABLE
WITH newest AS (
  SELECT query, period, vintage, regexp_extract(query, 'hs=(\d+)', 1) AS asked_hs, regexp_extract(query, 'to=(\w+)', 1) AS asked_country
  FROM mart.slice_as_of(moment) WHERE dataset = 'nitemtrade'
)
SELECT t.month, t.hs_code, t.hs_level, n.asked_hs, t.country, t.exports_usd, t.exports_kg, t.imports_usd, t.imports_kg
FROM core.trade_month AS t
JOIN newest AS n ON n.query = t.query AND n.period = t.month AND n.vintage = t.vintage
WHERE NOT EXISTS (
  SELECT 1 FROM newest AS wider
  WHERE wider.period = n.period AND wider.query <> n.query
    AND wider.asked_country IN ('', n.asked_country)
    AND length(wider.asked_hs) < length(n.asked_hs) AND starts_with(n.asked_hs, wider.asked_hs)
);

CREATE VIEW mart.trade_month AS FROM mart.trade_month_as_of('infinity'::timestamp);
COMMENT ON VIEW mart.trade_month IS '관세청 품목별·국가별 수출입실적(월), 가장 새 판 | Trade by item and country, monthly, newest vintage';

CREATE MACRO mart.trade_by_country_as_of(moment) AS TABLE
SELECT t.* EXCLUDE (query, vintage)
FROM core.trade_by_country AS t
JOIN mart.slice_as_of(moment) AS n ON n.dataset = 'nationtrade' AND n.query = t.query AND n.period = t.month AND n.vintage = t.vintage;

CREATE VIEW mart.trade_by_country AS FROM mart.trade_by_country_as_of('infinity'::timestamp);
COMMENT ON VIEW mart.trade_by_country IS '관세청 국가별 수출입실적(월), 가장 새 판 | Trade by country, monthly, newest vintage';

CREATE MACRO mart.trade_total_as_of(moment) AS TABLE
SELECT t.* EXCLUDE (query, vintage)
FROM core.trade_total AS t
JOIN mart.slice_as_of(moment) AS n ON n.dataset = 'newtrade' AND n.query = t.query AND n.period = t.month AND n.vintage = t.vintage;

CREATE VIEW mart.trade_total AS FROM mart.trade_total_as_of('infinity'::timestamp);
COMMENT ON VIEW mart.trade_total IS '관세청 수출입총괄(월), 가장 새 판 | All trade, monthly, newest vintage';

-- Two workbooks are two queries: the one that came last speaks for a month.
CREATE MACRO mart.ecommerce_month_as_of(moment) AS TABLE
SELECT e.* EXCLUDE (query, vintage)
FROM core.ecommerce_month AS e
JOIN mart.slice_as_of(moment) AS n ON n.dataset = 'trass' AND n.query = e.query AND n.period = e.month AND n.vintage = e.vintage
JOIN core.slice AS s ON s.dataset = n.dataset AND s.query = n.query AND s.period = n.period AND s.vintage = n.vintage
QUALIFY row_number() OVER (PARTITION BY e.month ORDER BY s.known_from DESC, s.query) = 1;

CREATE VIEW mart.ecommerce_month AS FROM mart.ecommerce_month_as_of('infinity'::timestamp);
COMMENT ON VIEW mart.ecommerce_month IS '관세청 전자상거래 무역통계(월, TRASS), 가장 새 판 | Monthly e-commerce trade (TRASS), newest vintage';

CREATE MACRO mart.online_trade_as_of(moment) AS TABLE
SELECT o.* EXCLUDE (query), n.dataset, s.known_from
FROM core.online_trade AS o
JOIN mart.slice_as_of(moment) AS n ON n.dataset IN ('kosis_direct_sales', 'kosis_direct_purchases', 'kosis_file')
  AND n.query = o.query AND n.period = o.quarter AND n.vintage = o.vintage
JOIN core.slice AS s ON s.dataset = n.dataset AND s.query = n.query AND s.period = n.period AND s.vintage = n.vintage
QUALIFY row_number() OVER (PARTITION BY o.table_id, o.quarter, o.region, o.product, o.sales_type ORDER BY s.known_from DESC, s.query) = 1;

CREATE VIEW mart.online_trade AS FROM mart.online_trade_as_of('infinity'::timestamp);
COMMENT ON VIEW mart.online_trade IS '통계청 온라인 해외직접판매·구매(분기), 가장 새 판 | Online overseas direct sales and purchases, quarterly, newest vintage';

CREATE VIEW mart.market_rate AS
SELECT r.month, r.currency, r.krw_per_unit, r.basis, r.days
FROM core.market_rate AS r
JOIN mart.slice_as_of('infinity'::timestamp) AS n ON n.dataset IN ('ecos_rate', 'frankfurter') AND n.query = r.query AND n.period = r.month AND n.vintage = r.vintage;
COMMENT ON VIEW mart.market_rate IS '월평균 환율, 가장 새 판 | Monthly average exchange rates, newest vintage';

CREATE VIEW mart.customs_rate AS
SELECT r.week, r.currency, r.krw_per_unit, r.kind
FROM core.customs_rate AS r
JOIN mart.slice_as_of('infinity'::timestamp) AS n ON n.dataset = 'customs_rate' AND n.query = r.query AND n.period = r.week AND n.vintage = r.vintage;
COMMENT ON VIEW mart.customs_rate IS '관세환율(주간), 가장 새 판 | Customs rates, weekly, newest vintage';

CREATE VIEW mart.comtrade AS
SELECT c.* EXCLUDE (query, vintage)
FROM core.comtrade AS c
JOIN mart.slice_as_of('infinity'::timestamp) AS n ON n.dataset = 'comtrade' AND n.query = c.query AND n.period = c.period AND n.vintage = c.vintage;
COMMENT ON VIEW mart.comtrade IS '유엔 Comtrade, 가장 새 판 | UN Comtrade, newest vintage';

CREATE VIEW mart.indicator AS
SELECT i.* EXCLUDE (query, vintage)
FROM core.indicator AS i
JOIN mart.slice_as_of('infinity'::timestamp) AS n ON n.dataset = 'world_bank' AND n.query = i.query AND n.period = i.year AND n.vintage = i.vintage;
COMMENT ON VIEW mart.indicator IS '세계은행 지표, 가장 새 판 | World Bank indicators, newest vintage';

-- First print against now: one row a slice that ever changed, in its main value.
CREATE VIEW mart.revision AS
WITH amounts AS (
  SELECT 'nitemtrade' AS dataset, query, month AS period, vintage, sum(exports_usd)::double AS value, 'USD' AS unit FROM core.trade_month GROUP BY ALL
  UNION ALL BY NAME
  SELECT 'nationtrade' AS dataset, query, month AS period, vintage, sum(exports_usd)::double AS value, 'USD' AS unit FROM core.trade_by_country GROUP BY ALL
  UNION ALL BY NAME
  SELECT 'newtrade' AS dataset, query, month AS period, vintage, sum(exports_usd)::double AS value, 'USD' AS unit FROM core.trade_total GROUP BY ALL
  UNION ALL BY NAME
  SELECT 'trass' AS dataset, query, month AS period, vintage, sum(exports_usd) AS value, 'USD' AS unit FROM core.ecommerce_month GROUP BY ALL
  UNION ALL BY NAME
  SELECT CASE table_id WHEN 'DT_1KE10081' THEN 'kosis_direct_sales' ELSE 'kosis_direct_purchases' END AS dataset, query, quarter AS period, vintage,
    max(value_krw) AS value, 'KRW' AS unit
  FROM core.online_trade WHERE region = '합계' AND product = '합계' AND sales_type = '계' GROUP BY ALL
),
placed AS (
  SELECT s.dataset, s.query, s.period, s.vintage, s.known_from, coalesce(a.value, 0) AS value, s.row_count,
    CASE WHEN s.dataset LIKE 'kosis%' THEN 'KRW' ELSE 'USD' END AS unit
  FROM core.slice AS s LEFT JOIN amounts AS a USING (dataset, query, period, vintage)
  WHERE s.dataset IN ('nitemtrade', 'nationtrade', 'newtrade', 'trass', 'kosis_direct_sales', 'kosis_direct_purchases')
)
SELECT dataset, query, period, unit, count(*) AS vintages,
  arg_min(value, vintage) AS first_value, min(known_from) AS first_known,
  arg_max(value, vintage) AS newest_value, max(known_from) AS newest_known,
  arg_min(row_count, vintage) AS first_rows, arg_max(row_count, vintage) AS newest_rows
FROM placed
GROUP BY ALL
HAVING count(*) > 1;
COMMENT ON VIEW mart.revision IS '수정: 처음 받은 값과 지금 값 | Revisions: the first print against now';

-- When the next figure of a series may be expected: the newest period, moved on by its own length, plus the delay of its publication.
-- A publication known by its month or year counts from the last day of it.
CREATE VIEW mart.series_freshness AS
WITH dated AS (
  SELECT o.series_id, o.period, o.period_start, o.period_end, o.frequency, o.observation_id, o.bound,
    CASE length(o.published)
      WHEN 4 THEN make_date(o.published::integer, 12, 31)
      WHEN 7 THEN last_day((o.published || '-01')::date)
      WHEN 10 THEN o.published::date
    END AS published_on
  FROM mart.observation AS o
  WHERE o.kind = 'level' AND o.frequency <> 'span' AND o.destination_id = 'ALL' AND o.item_id = 'ALL'
),
newest AS (
  SELECT * FROM dated
  QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY period_end DESC, period_start DESC, published_on, observation_id) = 1
),
placed AS (
  SELECT *,
    (CASE frequency WHEN 'year' THEN INTERVAL 1 YEAR WHEN 'half' THEN INTERVAL 6 MONTH WHEN 'quarter' THEN INTERVAL 3 MONTH ELSE INTERVAL 1 MONTH END) AS step,
    greatest(published_on - period_end, 0) AS delay_days
  FROM newest
)
SELECT series_id, period, period_end, frequency, bound, published_on, delay_days, observation_id,
  (last_day((period_end + step)::date) + delay_days::integer)::date AS next_expected,
  (last_day((period_end + 2 * step)::date) + delay_days::integer)::date AS overdue_from
FROM placed;
COMMENT ON VIEW mart.series_freshness IS '계열별 최신 기간과 다음 발표 예상일(같은 지연을 가정) | Newest period of each series, and when the next is expected if it takes as long';

CREATE VIEW mart.watch AS
SELECT w.kind, w.code, coalesce(d.name_ko, w.name_ko) AS name_ko, coalesce(d.name_en, w.name_en) AS name_en
FROM core.watch AS w
LEFT JOIN core.destination AS d ON w.kind = 'destination' AND d.destination_id = w.code;
COMMENT ON VIEW mart.watch IS '받아 오는 품목과 목적국의 이름 | Names of the goods and destinations that a refresh asks for';

-- One line a query: all goods by destination ('' is the world), one HS code by destination, and all e-commerce.
-- A slice without rows was published and is zero; a month without a slice is not published and has no row here.
CREATE VIEW mart.monthly_exports AS
WITH newest AS (
  SELECT dataset, query, period AS month, vintage, known_from,
    (period || '-01')::date > max((period || '-01')::date) OVER (PARTITION BY dataset) - INTERVAL 3 MONTH AS provisional
  FROM core.slice
  WHERE dataset IN ('nitemtrade', 'nationtrade', 'newtrade', 'trass')
  QUALIFY vintage = max(vintage) OVER (PARTITION BY dataset, query, period)
),
by_item AS (
  SELECT query, month, vintage, sum(exports_usd)::double AS value FROM core.trade_month GROUP BY ALL
)
SELECT n.*, regexp_extract(n.query, 'hs=(\d+)', 1) AS hs_code, regexp_extract(n.query, 'to=(\w+)', 1) AS destination_id,
  coalesce(v.value, 0) AS value
FROM newest AS n LEFT JOIN by_item AS v USING (query, month, vintage)
WHERE n.dataset = 'nitemtrade'
UNION ALL BY NAME
SELECT n.*, '' AS hs_code, t.country AS destination_id, t.exports_usd::double AS value
FROM newest AS n JOIN core.trade_by_country AS t USING (query, month, vintage)
WHERE n.dataset = 'nationtrade'
UNION ALL BY NAME
SELECT n.*, '' AS hs_code, '' AS destination_id, t.exports_usd::double AS value
FROM newest AS n JOIN core.trade_total AS t USING (query, month, vintage)
WHERE n.dataset = 'newtrade'
UNION ALL BY NAME
SELECT n.*, '' AS hs_code, '' AS destination_id, e.exports_usd AS value
FROM newest AS n JOIN core.ecommerce_month AS e USING (query, month, vintage)
WHERE n.dataset = 'trass' AND e.exports_usd IS NOT NULL;
COMMENT ON VIEW mart.monthly_exports IS '월별 수출액(달러): 품목·목적국별 전체 무역과 전자상거래 합계, 가장 새 판 | Monthly exports in USD: all trade by goods and destination, and the e-commerce total; newest vintage';

-- What is kept of each data set, and the end of the period that comes next.
CREATE VIEW mart.received AS
WITH newest AS (
  FROM core.slice QUALIFY vintage = max(vintage) OVER (PARTITION BY dataset, query, period)
),
held AS (
  SELECT dataset, max(period) AS newest_period, sum(row_count)::bigint AS row_count FROM newest GROUP BY ALL
)
SELECT *,
  CASE
    WHEN length(newest_period) = 4 THEN make_date(newest_period::integer + 1, 12, 31)
    WHEN newest_period LIKE '%-Q%' THEN last_day(make_date(newest_period[:4]::integer, 3 * newest_period[-1:]::integer, 1) + INTERVAL 3 MONTH)
    WHEN length(newest_period) = 7 THEN last_day((newest_period || '-01')::date + INTERVAL 1 MONTH)
    ELSE (newest_period::date + INTERVAL 13 DAY)::date
  END AS next_period_end
FROM held;
COMMENT ON VIEW mart.received IS '자료별로 받아 둔 것 | What is kept of each data set';

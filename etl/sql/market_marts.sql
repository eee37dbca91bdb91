-- What is known of destinations as markets: shipped figures, received ones where newer, and what follows from both.
-- Columns of the market table stand under each other, each with its period, formula and inputs; the page puts them side by side.

-- A: an official publication's own figure. B: press quoting one, or computed from such figures. C: secondary, or resting on an assumption.
CREATE MACRO mart.evidence_grade(evidence, quality) AS CASE
  WHEN quality = 'secondary' OR evidence = 'assumed' THEN 'C'
  WHEN evidence = 'published' AND quality = 'official' THEN 'A'
  ELSE 'B'
END;

CREATE VIEW mart.won_per_dollar AS
SELECT basis, period, krw_per_usd, rate_id FROM core.exchange_rate WHERE basis = 'fed_h10' AND frequency = 'year'
UNION ALL BY NAME
SELECT basis, period, units_per_usd AS krw_per_usd, rate_id FROM core.currency_rate WHERE currency = 'KRW';
COMMENT ON VIEW mart.won_per_dollar IS '통화를 원으로 바꿀 때 쓰는 연평균 원·달러 환율 | Yearly won per dollar by which currencies are turned into won';

-- Received rates of the newest month of each currency: the European Central Bank's means where both gave one.
CREATE VIEW mart.received_rate AS
SELECT 'received:' || r.basis || ':' || r.currency || ':' || r.month AS observation_id, r.currency, r.month AS period, r.krw_per_unit, r.basis
FROM mart.market_rate AS r
QUALIFY row_number() OVER (PARTITION BY r.currency ORDER BY r.month DESC, r.basis DESC) = 1;
COMMENT ON VIEW mart.received_rate IS '받은 월평균 환율 가운데 가장 새것 | The newest received monthly average of each currency';

-- Won for one unit of each currency: received where there is one, else from the newest year that was shipped.
CREATE VIEW mart.currency_rate AS
WITH shipped AS (
  SELECT c.currency, c.period, w.krw_per_usd / c.units_per_usd AS krw_per_unit, 'derived' AS evidence, 'won per dollar / units per dollar' AS formula,
    [w.rate_id, c.rate_id] AS input_ids, c.quality, false AS received
  FROM core.currency_rate AS c JOIN mart.won_per_dollar AS w USING (basis, period)
  WHERE c.currency <> 'KRW'
  UNION ALL BY NAME
  SELECT 'USD' AS currency, period, krw_per_usd AS krw_per_unit, 'published' AS evidence, '' AS formula, [rate_id] AS input_ids, quality, false AS received
  FROM core.exchange_rate WHERE basis = 'fed_h10' AND frequency = 'year'
  UNION ALL BY NAME
  SELECT currency, period, krw_per_unit, 'published' AS evidence, '' AS formula, [observation_id] AS input_ids, 'official' AS quality, true AS received
  FROM mart.received_rate
)
SELECT * EXCLUDE (received), 'KRW/' || currency AS unit, krw_per_unit AS value
FROM shipped
QUALIFY row_number() OVER (PARTITION BY currency ORDER BY received DESC, period DESC) = 1;
COMMENT ON VIEW mart.currency_rate IS '통화 한 단위당 원: 받은 환율이 있으면 그 값, 없으면 실린 연평균으로 셈한 값 | Won for one unit of a currency: received, else computed from shipped yearly averages';

CREATE VIEW mart.destination_rule AS
SELECT r.*, d.name_ko AS destination_ko, d.name_en AS destination_en, d.iso3, p.publisher_ko, p.publisher_en, p.title, p.url, p.published,
  p.published_note_ko, p.published_note_en
FROM core.destination_rule AS r
JOIN core.destination AS d USING (destination_id)
JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.destination_rule IS '목적국의 수입 면세 한도와 출처 | Import thresholds of destinations with sources';

-- World Bank indicators that were received, as figures that receipts can cite.
CREATE VIEW mart.received_market_figure AS
WITH meaning AS (
  FROM (VALUES ('SP.POP.TOTL', 'population'), ('NY.GDP.PCAP.CD', 'gdp_per_head'), ('IT.NET.USER.ZS', 'internet_users')) AS m (indicator, metric_id)
)
SELECT 'received:' || i.indicator || ':' || i.country || ':' || i.year AS figure_id, m.metric_id, i.country AS destination_id, i.year AS period,
  make_date(i.year::integer, 1, 1) AS period_start, make_date(i.year::integer, 12, 31) AS period_end, 'year' AS frequency,
  i.value, 'exact' AS bound, 'official' AS quality, 'world_bank' AS source_id,
  strftime(s.known_from, '%Y-%m-%d') || ' 수신, ' || s.vintage || '판' AS note_ko,
  'retrieved on ' || strftime(s.known_from, '%Y-%m-%d') || ', vintage ' || s.vintage AS note_en,
  '세계은행' AS publisher_ko, 'World Bank' AS publisher_en, i.indicator AS title, d.address AS url, '' AS published
FROM core.indicator AS i
JOIN meaning AS m USING (indicator)
JOIN core.destination AS known ON known.destination_id = i.country
JOIN core.slice AS s ON s.dataset = 'world_bank' AND s.query = i.query AND s.period = i.year AND s.vintage = i.vintage
JOIN mart.dataset AS d ON d.dataset = 'world_bank'
QUALIFY row_number() OVER (PARTITION BY i.indicator, i.country ORDER BY i.year DESC, i.vintage DESC) = 1;
COMMENT ON VIEW mart.received_market_figure IS '받은 세계은행 지표 가운데 가장 새것 | The newest received World Bank indicators';

CREATE VIEW mart.market_figure AS
SELECT f.*, p.publisher_ko, p.publisher_en, p.title, p.url, p.published, p.published_note_ko, p.published_note_en
FROM core.market_figure AS f JOIN core.source AS p USING (source_id)
UNION ALL BY NAME
SELECT * FROM mart.received_market_figure;
COMMENT ON VIEW mart.market_figure IS '시장 지표: 실린 값과 받은 값 | Figures of markets, shipped and received';

-- Comtrade for the newest year of each market: what it imports from the world and what Korea exports there, a row an HS code.
CREATE VIEW mart.received_trade AS
WITH named AS (
  SELECT c.*, w.item_id, w.name_ko, w.name_en, CASE c.flow WHEN 'M' THEN c.reporter ELSE c.partner END AS destination_id
  FROM mart.comtrade AS c JOIN core.watch AS w ON w.kind = 'hs' AND w.code = c.hs_code
  WHERE (c.flow = 'M' AND c.partner = 'W00') OR (c.flow = 'X' AND c.reporter = 'KR')
)
SELECT 'received:comtrade:' || flow || ':' || destination_id || ':' || hs_code || ':' || period AS figure_id, flow, destination_id, item_id, hs_code, period,
  name_ko, name_en, value_usd AS value
FROM named
WHERE destination_id IN (SELECT destination_id FROM core.destination WHERE kind = 'country')
  AND period = (SELECT max(m.period) FROM named AS m WHERE m.flow = 'M' AND m.destination_id = named.destination_id AND m.item_id = named.item_id);
COMMENT ON VIEW mart.received_trade IS '받은 유엔 Comtrade: 시장의 새 수입과 한국의 수출 | Received UN Comtrade: what each market imports, and Korea’s exports there';

-- What receipts cite beside the observations: rates, figures of markets, received figures, and thresholds.
CREATE VIEW mart.market_citation AS
SELECT f.figure_id AS observation_id, m.name_ko || ' · ' || d.name_ko AS label_ko, m.name_en || ' · ' || d.name_en AS label_en, m.unit,
  f.period, f.period_start, f.period_end, f.frequency, f.value, f.bound, f.quality, f.note_ko, f.note_en, f.source_id,
  f.publisher_ko, f.publisher_en, f.title, f.url, f.published, f.published_note_ko, f.published_note_en
FROM mart.market_figure AS f JOIN core.market_metric AS m USING (metric_id) JOIN core.destination AS d USING (destination_id)
UNION ALL BY NAME
SELECT c.rate_id AS observation_id, '달러 환율(' || c.currency || ')' AS label_ko, c.currency || ' per dollar' AS label_en, c.currency || '/USD' AS unit,
  c.period, c.period_start, c.period_end, c.frequency, c.units_per_usd AS value, 'exact' AS bound, c.quality, c.note_ko, c.note_en, c.source_id,
  p.publisher_ko, p.publisher_en, p.title, p.url, p.published, p.published_note_ko, p.published_note_en
FROM core.currency_rate AS c JOIN core.source AS p USING (source_id)
UNION ALL BY NAME
SELECT r.observation_id, '월평균 환율(' || r.currency || ')' AS label_ko, 'Monthly average rate (' || r.currency || ')' AS label_en, 'KRW/' || r.currency AS unit,
  r.period, r.krw_per_unit AS value, 'exact' AS bound, 'official' AS quality, d.dataset AS source_id,
  CASE r.basis WHEN 'bok_average' THEN '한국은행' ELSE '유럽중앙은행(Frankfurter)' END AS publisher_ko,
  CASE r.basis WHEN 'bok_average' THEN 'Bank of Korea' ELSE 'European Central Bank (Frankfurter)' END AS publisher_en, d.name_en AS title, d.address AS url, '' AS published
FROM mart.received_rate AS r JOIN mart.dataset AS d ON d.dataset = CASE r.basis WHEN 'bok_average' THEN 'ecos_rate' ELSE 'frankfurter' END
UNION ALL BY NAME
SELECT t.figure_id AS observation_id,
  (CASE t.flow WHEN 'M' THEN '수입액(전 세계)' ELSE '한국의 수출액' END) || ' · HS ' || t.hs_code || ' ' || t.name_ko || ' · ' || d.name_ko AS label_ko,
  (CASE t.flow WHEN 'M' THEN 'Imports from the world' ELSE 'Exports of Korea' END) || ' · HS ' || t.hs_code || ' ' || t.name_en || ' · ' || d.name_en AS label_en,
  'USD' AS unit, t.period, t.value, 'exact' AS bound, 'official' AS quality, 'comtrade' AS source_id, '유엔 Comtrade' AS publisher_ko, 'UN Comtrade' AS publisher_en,
  s.name_en AS title, s.address AS url, '' AS published
FROM mart.received_trade AS t JOIN core.destination AS d USING (destination_id) JOIN mart.dataset AS s ON s.dataset = 'comtrade'
UNION ALL BY NAME
SELECT DISTINCT r.rule_id || ':' || l.levy AS observation_id,
  (CASE l.levy WHEN 'duty' THEN '관세 면제 한도 · ' ELSE '부가가치세 등 면제 한도 · ' END) || r.destination_ko || ' · ' || r.channel_ko AS label_ko,
  (CASE l.levy WHEN 'duty' THEN 'Free of duty up to · ' ELSE 'Free of tax up to · ' END) || r.destination_en || ' · ' || r.channel_en AS label_en,
  r.currency AS unit, coalesce(nullif(r.valid_from, ''), r.valid_to) AS period,
  CASE l.levy WHEN 'duty' THEN r.duty_free_up_to ELSE r.tax_free_up_to END AS value,
  'exact' AS bound, r.quality, r.note_ko, r.note_en, r.source_id, r.publisher_ko, r.publisher_en, r.title, r.url, r.published, r.published_note_ko, r.published_note_en
FROM mart.destination_rule AS r CROSS JOIN (VALUES ('duty'), ('tax')) AS l (levy)
WHERE CASE l.levy WHEN 'duty' THEN r.duty_free_up_to ELSE r.tax_free_up_to END IS NOT NULL;
COMMENT ON VIEW mart.market_citation IS '시장 자료의 인용 근거: 지표, 환율, 면세 한도 | What receipts on markets cite: figures, rates, thresholds';

-- One row a destination and column. A column that is not known of a destination has no row: missing is missing.
CREATE TABLE mart.market AS
WITH place AS (
  SELECT destination_id FROM core.destination
  WHERE kind = 'country' AND (
    destination_id IN (SELECT destination_id FROM core.market_figure) OR destination_id IN (SELECT destination_id FROM core.destination_rule)
    OR destination_id IN (SELECT destination_id FROM core.observation WHERE series_id IN ('kcs_total', 'kostat_new'))
  )
),
customs AS (
  SELECT * FROM mart.member_level
  WHERE series_id = 'kcs_total' AND frequency = 'year' AND item_id = 'ALL' AND channel_id = 'ALL'
),
fact AS (
  SELECT f.*, m.item_id, m.unit FROM mart.market_figure AS f JOIN core.market_metric AS m USING (metric_id)
  QUALIFY row_number() OVER (PARTITION BY f.metric_id, f.destination_id ORDER BY f.period_start DESC, f.source_id = 'world_bank' DESC) = 1
),
share AS (
  SELECT part.destination_id, replace(part.metric_id, '_exports', '_share') AS column_id, m.item_id, 100 * part.value / whole.value AS value, 'percent' AS unit,
    part.period, 'part / total' AS formula, [part.figure_id, whole.figure_id] AS input_ids
  FROM core.market_figure AS part
  JOIN core.market_figure AS whole USING (metric_id, period)
  JOIN core.market_metric AS m USING (metric_id)
  WHERE m.item_id <> 'ALL' AND m.kind = 'level' AND whole.destination_id = 'ALL' AND part.destination_id <> 'ALL'
  QUALIFY row_number() OVER (PARTITION BY part.metric_id, part.destination_id ORDER BY part.period DESC) = 1
),
imports AS (
  SELECT destination_id, item_id, max(period) AS period, sum(value) AS value, list(figure_id ORDER BY hs_code) AS input_ids
  FROM mart.received_trade WHERE flow = 'M' GROUP BY ALL
),
from_korea AS (
  SELECT x.destination_id, x.item_id, max(x.period) AS period, 100 * sum(x.value) / nullif(sum(m.value), 0) AS value,
    list_concat(list(x.figure_id ORDER BY x.hs_code), list(m.figure_id ORDER BY x.hs_code)) AS input_ids
  FROM mart.received_trade AS x JOIN mart.received_trade AS m USING (destination_id, item_id, hs_code, period)
  WHERE x.flow = 'X' AND m.flow = 'M' GROUP BY ALL
),
cells AS (
  SELECT destination_id, CASE metric_id WHEN 'value_usd' THEN 'ecommerce_value' ELSE 'ecommerce_cases' END AS column_id, 'ALL' AS item_id,
    value, unit, period, evidence, formula, input_ids
  FROM customs WHERE metric_id IN ('value_usd', 'cases')
  UNION ALL BY NAME
  SELECT v.destination_id, 'ecommerce_value_per_case' AS column_id, 'ALL' AS item_id, v.value / c.value AS value, 'USD/case' AS unit, v.period,
    'derived' AS evidence, 'value / cases' AS formula, list_concat(v.input_ids, c.input_ids) AS input_ids
  FROM customs AS v JOIN customs AS c USING (destination_id, period)
  WHERE v.metric_id = 'value_usd' AND c.metric_id = 'cases' AND v.evidence = 'published' AND c.evidence = 'published'
  UNION ALL BY NAME
  SELECT destination_id, 'ecommerce_share' AS column_id, 'ALL' AS item_id, value, 'percent' AS unit, period, evidence, formula, input_ids
  FROM mart.member_share
  WHERE series_id = 'kcs_total' AND metric_id = 'share_value_pct' AND frequency = 'year' AND item_id = 'ALL' AND channel_id = 'ALL'
  UNION ALL BY NAME
  SELECT now.destination_id, 'ecommerce_growth' AS column_id, 'ALL' AS item_id, 100 * (now.value / before.value - 1) AS value, 'percent' AS unit, now.period,
    'derived' AS evidence, 'level / level a year earlier − 1' AS formula, list_concat(now.input_ids, before.input_ids) AS input_ids
  FROM customs AS now JOIN customs AS before USING (destination_id, metric_id)
  WHERE now.metric_id = 'value_usd' AND before.period_start = (now.period_start - INTERVAL 1 YEAR)::date
  UNION ALL BY NAME
  SELECT destination_id, 'direct_sales' AS column_id, 'ALL' AS item_id, value, unit, period, evidence, formula, input_ids
  FROM mart.member_level
  WHERE series_id = 'kostat_new' AND metric_id = 'value_krw' AND frequency = 'quarter' AND item_id = 'ALL' AND channel_id = 'ALL'
  UNION ALL BY NAME
  SELECT destination_id, metric_id AS column_id, item_id, value, unit, period, 'published' AS evidence, '' AS formula, [figure_id] AS input_ids
  FROM fact
  UNION ALL BY NAME
  SELECT *, 'derived' AS evidence FROM share
  UNION ALL BY NAME
  SELECT p.destination_id, 'online_income' AS column_id, 'ALL' AS item_id, p.value * i.value / 100 * g.value AS value, 'USD' AS unit, p.period, 'derived' AS evidence,
    'population × internet users × GDP per head' AS formula, [p.figure_id, i.figure_id, g.figure_id] AS input_ids
  FROM fact AS p JOIN fact AS i USING (destination_id) JOIN fact AS g USING (destination_id)
  WHERE p.metric_id = 'population' AND i.metric_id = 'internet_users' AND g.metric_id = 'gdp_per_head'
  UNION ALL BY NAME
  SELECT destination_id, 'imports' AS column_id, item_id, value, 'USD' AS unit, period, 'derived' AS evidence, 'sum of the HS codes' AS formula, input_ids FROM imports
  UNION ALL BY NAME
  SELECT destination_id, 'korea_share' AS column_id, item_id, value, 'percent' AS unit, period, 'derived' AS evidence,
    'exports of Korea / imports from the world' AS formula, input_ids
  FROM from_korea WHERE value IS NOT NULL
),
newest AS (
  FROM cells JOIN place USING (destination_id)
  QUALIFY row_number() OVER (PARTITION BY destination_id, column_id, item_id ORDER BY period DESC, evidence DESC) = 1
),
weighed AS (
  SELECT o.observation_id, list_position(['official', 'press quoting official', 'secondary'], o.quality) AS weight
  FROM (
    SELECT observation_id, quality FROM core.observation UNION ALL SELECT rate_id, quality FROM core.exchange_rate
    UNION ALL SELECT observation_id, quality FROM mart.market_citation
  ) AS o
),
worst AS (
  SELECT u.destination_id, u.column_id, u.item_id, ['official', 'press quoting official', 'secondary'][max(w.weight)] AS quality
  FROM (SELECT destination_id, column_id, item_id, unnest(input_ids) AS observation_id FROM newest) AS u JOIN weighed AS w USING (observation_id)
  GROUP BY ALL
)
SELECT n.*, w.quality, mart.evidence_grade(n.evidence, w.quality) AS grade, d.name_ko AS destination_ko, d.name_en AS destination_en, d.iso3
FROM newest AS n JOIN worst AS w USING (destination_id, column_id, item_id) JOIN core.destination AS d USING (destination_id);
COMMENT ON TABLE mart.market IS '시장표: 목적국과 열마다 한 행, 등급(A 공식, B 공식 인용·산출, C 2차·가정) 포함 | The market table: one row a destination and column, with its grade (A official, B press quoting or computed, C secondary or assumed)';

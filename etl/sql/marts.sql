-- All that the dashboard may read. Derived figures are computed here and nowhere else.
-- A derived row carries its formula and `input_ids`, the published rows it was computed from.

CREATE MACRO mart.period_label(first_day, last_day, frequency) AS CASE frequency
  WHEN 'year' THEN year(first_day)::text
  WHEN 'half' THEN year(first_day)::text || '-H' || ((month(first_day) + 5) // 6)::text
  WHEN 'quarter' THEN year(first_day)::text || '-Q' || quarter(first_day)::text
  WHEN 'month' THEN strftime(first_day, '%Y-%m')
  ELSE strftime(first_day, '%Y-%m') || '..' || strftime(last_day, '%Y-%m')
END;

CREATE VIEW mart.observation AS
SELECT
  o.observation_id, o.series_id, s.letter, s.definition_id, s.name_ko AS series_ko, s.name_en AS series_en,
  o.metric_id, m.kind, m.name_ko AS metric_ko, m.name_en AS metric_en, o.unit,
  o.period, o.period_start, o.period_end, o.frequency,
  o.destination_id, d.kind AS destination_kind, d.name_ko AS destination_ko, d.name_en AS destination_en,
  o.item_id, i.name_ko AS item_ko, i.name_en AS item_en, i.caveat_ko, i.caveat_en,
  o.channel_id, c.name_ko AS channel_ko, c.name_en AS channel_en,
  o.value, o.bound, o.quality, o.preferred, o.reason_ko, o.reason_en, o.note_ko, o.note_en,
  o.source_id, p.publisher_ko, p.publisher_en, p.title, p.url, p.published, p.published_note_ko, p.published_note_en
FROM core.observation AS o
JOIN core.series AS s USING (series_id)
JOIN core.metric AS m USING (metric_id)
JOIN core.destination AS d USING (destination_id)
JOIN core.item AS i USING (item_id)
JOIN core.channel AS c USING (channel_id)
JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.observation IS '발표된 값과 이름, 출처 | Published figures with names and sources';

-- Preferred levels as published.
CREATE VIEW mart.level_published AS
SELECT
  series_id, definition_id, metric_id, unit, period, period_start, period_end, frequency,
  destination_id, item_id, channel_id, value, bound, 'published' AS evidence, '' AS formula,
  [observation_id] AS input_ids
FROM mart.observation
WHERE preferred AND kind = 'level';
COMMENT ON VIEW mart.level_published IS '우선값 중 수준(금액·건수 등) | Preferred levels as published';

-- What a published growth rate says about the period before, or about the same period where only the earlier level is published.
CREATE VIEW mart.level_implied AS
WITH growth AS (
  SELECT
    series_id, period_start, period_end, destination_id, item_id, channel_id, value / 100 AS rate, observation_id, source_id,
    unnest(CASE metric_id WHEN 'growth_cases_pct' THEN ['cases'] ELSE ['value_usd', 'value_krw'] END) AS metric_id,
    CASE metric_id WHEN 'growth_value_qoq_pct' THEN INTERVAL 3 MONTH ELSE INTERVAL 1 YEAR END AS back
  FROM mart.observation
  WHERE preferred AND metric_id IN ('growth_value_pct', 'growth_cases_pct', 'growth_value_qoq_pct')
),
before AS (
  -- A rate belongs to the level that its own publication gives, preferred or not: vintages are not mixed.
  SELECT
    l.series_id, l.definition_id, l.metric_id, l.unit, l.frequency, l.destination_id, l.item_id, l.channel_id, l.bound,
    (l.period_start - g.back)::date AS period_start,
    last_day((date_trunc('month', l.period_end) - g.back)::date) AS period_end,
    l.value / (1 + g.rate) AS value,
    'level / (1 + growth)' AS formula,
    [l.observation_id, g.observation_id] AS input_ids
  FROM mart.observation AS l
  JOIN growth AS g USING (series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id)
  WHERE l.kind = 'level' AND (l.preferred OR l.source_id = g.source_id)
  -- A rate is about one currency: about dollars where levels are published in both.
  QUALIFY row_number() OVER (
    PARTITION BY g.observation_id ORDER BY l.source_id = g.source_id DESC, l.metric_id = 'value_usd' DESC, l.observation_id
  ) = 1
),
after AS (
  SELECT
    l.* EXCLUDE (period, period_start, period_end, value, evidence, formula, input_ids),
    g.period_start, g.period_end,
    l.value * (1 + g.rate) AS value,
    'level a year earlier × (1 + growth)' AS formula,
    list_concat(l.input_ids, [g.observation_id]) AS input_ids
  FROM mart.level_published AS l
  JOIN growth AS g
    ON l.series_id = g.series_id AND l.metric_id = g.metric_id AND l.destination_id = g.destination_id
    AND l.item_id = g.item_id AND l.channel_id = g.channel_id AND g.back = INTERVAL 1 YEAR
    AND l.period_start = (g.period_start - g.back)::date
    AND l.period_end = last_day((date_trunc('month', g.period_end) - g.back)::date)
)
SELECT *, 'derived' AS evidence, mart.period_label(period_start, period_end, frequency) AS period
FROM (FROM before UNION ALL BY NAME FROM after);
COMMENT ON VIEW mart.level_implied IS '발표된 증가율에서 따라 나오는 수준 | Levels that follow from a published growth rate';

-- Total = member / share, where the share of the member is published but the total is not.
CREATE VIEW mart.level_from_share AS
SELECT
  l.series_id, l.definition_id, l.metric_id, l.unit, l.period, l.period_start, l.period_end, l.frequency,
  'ALL' AS destination_id, 'ALL' AS item_id, 'ALL' AS channel_id,
  l.value / (s.value / 100) AS value, l.bound, 'derived' AS evidence, 'member / its share' AS formula,
  list_concat(l.input_ids, [s.observation_id]) AS input_ids
FROM mart.level_published AS l
JOIN mart.observation AS s USING (series_id, period_start, period_end, destination_id, item_id, channel_id)
WHERE s.preferred AND NOT (l.destination_id = 'ALL' AND l.item_id = 'ALL' AND l.channel_id = 'ALL')
  AND ((s.metric_id = 'share_value_pct' AND l.metric_id IN ('value_usd', 'value_krw')) OR (s.metric_id = 'share_cases_pct' AND l.metric_id = 'cases'))
UNION ALL BY NAME
-- all firms = small and medium enterprises / their share
SELECT
  'mss_all' AS series_id, 'mss_all' AS definition_id, l.metric_id, l.unit, l.period, l.period_start, l.period_end, l.frequency,
  l.destination_id, l.item_id, l.channel_id,
  l.value / (s.value / 100) AS value, l.bound, 'derived' AS evidence, 'member / its share' AS formula,
  list_concat(l.input_ids, [s.observation_id]) AS input_ids
FROM mart.level_published AS l
JOIN mart.observation AS s USING (series_id, period_start, period_end, destination_id, item_id, channel_id)
WHERE s.preferred AND s.metric_id = 'share_of_all_firms_pct' AND l.series_id = 'mss_sme' AND l.metric_id = 'value_usd';
COMMENT ON VIEW mart.level_from_share IS '부분과 비중에서 따라 나오는 전체 | Totals that follow from a part and its share';

-- Published where published; otherwise what follows from it in one step. A published figure is never displaced.
-- This table and mart.level are stored, because nearly all views below read them: 4 ms instead of 360 ms for shares or growth.
CREATE TABLE mart.level_known AS
WITH candidates AS (
  SELECT *, 0 AS steps FROM mart.level_published
  UNION ALL BY NAME SELECT *, 1 AS steps FROM mart.level_implied
  UNION ALL BY NAME SELECT *, 1 AS steps FROM mart.level_from_share
)
SELECT * EXCLUDE (steps) FROM candidates
QUALIFY row_number() OVER (
  PARTITION BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id
  ORDER BY steps, formula, input_ids::text
) = 1;

-- The rest of a year: a longer period less a shorter one that starts on the same day.
CREATE VIEW mart.level_rest_of_period AS
WITH rest AS (
  SELECT
    whole.* EXCLUDE (period, period_start, frequency, value, formula, evidence, input_ids),
    (part.period_end + INTERVAL 1 DAY)::date AS period_start,
    whole.value - part.value AS value,
    list_concat(whole.input_ids, part.input_ids) AS input_ids
  FROM mart.level_known AS whole
  JOIN mart.level_known AS part
    ON whole.series_id = part.series_id AND whole.metric_id = part.metric_id
    AND whole.destination_id = part.destination_id AND whole.item_id = part.item_id AND whole.channel_id = part.channel_id
    AND whole.period_start = part.period_start AND part.period_end < whole.period_end
    AND year(whole.period_start) = year(whole.period_end)
    AND part.frequency IN ('half', 'span') AND whole.frequency IN ('year', 'span')
    AND part.bound = 'exact' AND whole.bound = 'exact'
)
SELECT
  *,
  CASE WHEN month(period_start) = 7 AND month(period_end) = 12 THEN 'half' ELSE 'span' END AS frequency,
  mart.period_label(period_start, period_end, CASE WHEN month(period_start) = 7 AND month(period_end) = 12 THEN 'half' ELSE 'span' END) AS period,
  'derived' AS evidence, 'longer period − shorter period' AS formula
FROM rest;
COMMENT ON VIEW mart.level_rest_of_period IS '긴 기간에서 짧은 기간을 뺀 나머지 | The rest of a period';

-- The other channel: all less the one that is published.
CREATE VIEW mart.level_other_channel AS
SELECT
  whole.* EXCLUDE (channel_id, value, formula, evidence, input_ids),
  CASE part.channel_id WHEN 'duty_free' THEN 'non_duty_free' ELSE 'declared' END AS channel_id,
  whole.value - part.value AS value, 'derived' AS evidence, 'all channels − published channel' AS formula,
  list_concat(whole.input_ids, part.input_ids) AS input_ids
FROM mart.level_known AS whole
JOIN mart.level_known AS part USING (series_id, metric_id, period_start, period_end, destination_id, item_id)
WHERE whole.channel_id = 'ALL' AND part.channel_id IN ('duty_free', 'list_clearance');
COMMENT ON VIEW mart.level_other_channel IS '전체에서 발표된 경로를 뺀 나머지 경로 | The channel that is left after the published one';

CREATE TABLE mart.level AS
WITH candidates AS (
  SELECT *, 0 AS steps FROM mart.level_known
  UNION ALL BY NAME SELECT *, 1 AS steps FROM mart.level_rest_of_period
  UNION ALL BY NAME SELECT *, 2 AS steps FROM mart.level_other_channel
)
SELECT * EXCLUDE (steps) FROM candidates
QUALIFY row_number() OVER (
  PARTITION BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id
  ORDER BY steps, len(input_ids), input_ids::text
) = 1;
COMMENT ON TABLE mart.level IS '수준: 발표값, 없으면 발표값에서 바로 따라 나오는 값 | Levels: published, else what follows from published ones';

CREATE VIEW mart.share AS
SELECT
  part.series_id, part.definition_id,
  CASE part.metric_id WHEN 'cases' THEN 'share_cases_pct' ELSE 'share_value_pct' END AS metric_id, 'percent' AS unit,
  part.period, part.period_start, part.period_end, part.frequency, part.destination_id, part.item_id, part.channel_id,
  100 * part.value / whole.value AS value, 'derived' AS evidence, 'part / total' AS formula,
  list_concat(part.input_ids, whole.input_ids) AS input_ids
FROM mart.level AS part
JOIN mart.level AS whole USING (series_id, metric_id, period_start, period_end)
WHERE whole.destination_id = 'ALL' AND whole.item_id = 'ALL' AND whole.channel_id = 'ALL'
  AND part.metric_id IN ('value_usd', 'value_krw', 'cases')
  -- one dimension at a time
  AND (part.destination_id <> 'ALL')::int + (part.item_id <> 'ALL')::int + (part.channel_id <> 'ALL')::int = 1;
COMMENT ON VIEW mart.share IS '수준에서 셈한 비중 | Shares computed from levels';

-- Shares for the ranking pages: as published where a publication gives them, else computed.
CREATE VIEW mart.member_share AS
WITH candidates AS (
  SELECT
    series_id, definition_id, metric_id, unit, period, period_start, period_end, frequency, destination_id, item_id, channel_id,
    value, 'published' AS evidence, '' AS formula, [observation_id] AS input_ids, 0 AS steps
  FROM mart.observation
  WHERE preferred AND metric_id IN ('share_value_pct', 'share_cases_pct')
    AND (destination_id <> 'ALL')::int + (item_id <> 'ALL')::int + (channel_id <> 'ALL')::int = 1
  UNION ALL BY NAME SELECT *, 1 AS steps FROM mart.share
)
SELECT
  c.* EXCLUDE (steps),
  d.kind AS destination_kind, d.name_ko AS destination_ko, d.name_en AS destination_en,
  i.name_ko AS item_ko, i.name_en AS item_en, i.caveat_ko, i.caveat_en, ch.name_ko AS channel_ko, ch.name_en AS channel_en
FROM candidates AS c
JOIN core.destination AS d USING (destination_id)
JOIN core.item AS i USING (item_id)
JOIN core.channel AS ch USING (channel_id)
QUALIFY row_number() OVER (
  PARTITION BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id
  ORDER BY steps, input_ids::text
) = 1;
COMMENT ON VIEW mart.member_share IS '목적국·품목·경로의 비중: 발표값, 없으면 산출값 | Shares of destinations, items and channels: published, else computed';

-- Levels for the ranking pages: as published, else share × total of the same series and period.
CREATE VIEW mart.member_level AS
WITH candidates AS (
  SELECT *, CASE evidence WHEN 'published' THEN 0 ELSE 2 END AS steps FROM mart.level WHERE metric_id IN ('value_usd', 'value_krw', 'cases')
  UNION ALL BY NAME
  SELECT
    s.series_id, s.definition_id, t.metric_id, t.unit, s.period, s.period_start, s.period_end, s.frequency,
    s.destination_id, s.item_id, s.channel_id, t.value * s.value / 100 AS value, 'derived' AS evidence,
    'share × total' AS formula, list_concat(s.input_ids, t.input_ids) AS input_ids, 1 AS steps
  FROM mart.member_share AS s
  JOIN mart.level_published AS t USING (series_id, period_start, period_end)
  WHERE s.evidence = 'published' AND t.destination_id = 'ALL' AND t.item_id = 'ALL' AND t.channel_id = 'ALL'
    AND ((s.metric_id = 'share_value_pct' AND t.metric_id IN ('value_usd', 'value_krw')) OR (s.metric_id = 'share_cases_pct' AND t.metric_id = 'cases'))
)
SELECT * EXCLUDE (steps) FROM candidates
WHERE (destination_id <> 'ALL')::int + (item_id <> 'ALL')::int + (channel_id <> 'ALL')::int = 1
QUALIFY row_number() OVER (
  PARTITION BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id ORDER BY steps, input_ids::text
) = 1;
COMMENT ON VIEW mart.member_level IS '목적국·품목·경로의 수준: 발표값, 없으면 비중 × 전체 또는 산출값 | Levels of destinations, items and channels: published, else share × total, else what follows';

CREATE VIEW mart.destination AS
SELECT * FROM core.destination WHERE kind <> 'total' AND (
  destination_id IN (SELECT destination_id FROM core.observation)
  -- a destination that is there for its rules and facts alone has no place on the map of the series
  OR destination_id NOT IN (SELECT destination_id FROM core.destination_rule UNION SELECT destination_id FROM core.market_figure)
);
COMMENT ON VIEW mart.destination IS '전자상거래 통계의 목적국과 국가군 | Destinations of the e-commerce series, and groups of them';

CREATE VIEW mart.growth AS
SELECT
  now.series_id, now.definition_id, now.metric_id AS level_metric_id, 'percent' AS unit,
  now.period, now.period_start, now.period_end, now.frequency, now.destination_id, now.item_id, now.channel_id,
  100 * (now.value / before.value - 1) AS value, 'derived' AS evidence, 'level / level a year earlier − 1' AS formula,
  list_concat(now.input_ids, before.input_ids) AS input_ids
FROM mart.level AS now
JOIN mart.level AS before
  ON now.series_id = before.series_id AND now.metric_id = before.metric_id AND now.destination_id = before.destination_id
  AND now.item_id = before.item_id AND now.channel_id = before.channel_id
  AND before.period_start = (now.period_start - INTERVAL 1 YEAR)::date
  AND before.period_end = last_day((date_trunc('month', now.period_end) - INTERVAL 1 YEAR)::date);
COMMENT ON VIEW mart.growth IS '전년 같은 기간과 견준 증가율(수준에서 셈함) | Growth over the same period a year earlier, from levels';

CREATE VIEW mart.value_per_case AS
SELECT
  v.series_id, v.definition_id, CASE v.unit WHEN 'USD' THEN 'USD/case' ELSE 'KRW/case' END AS unit,
  v.period, v.period_start, v.period_end, v.frequency, v.destination_id, v.item_id, v.channel_id,
  v.value / c.value AS value, 'derived' AS evidence, 'value / cases' AS formula,
  list_concat(v.input_ids, c.input_ids) AS input_ids
FROM mart.level AS v
JOIN mart.level AS c USING (series_id, period_start, period_end, destination_id, item_id, channel_id)
WHERE v.metric_id IN ('value_usd', 'value_krw') AND c.metric_id = 'cases';
COMMENT ON VIEW mart.value_per_case IS '건당 금액 | Value per case';

CREATE VIEW mart.exchange_rate AS
SELECT r.*, p.publisher_ko, p.publisher_en, p.title, p.url, p.published, p.published_note_ko, p.published_note_en
FROM core.exchange_rate AS r JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.exchange_rate IS '환율과 출처 | Exchange rates with sources';

-- One price index over all years: the newest base as published, the years before it linked where two bases give the same year.
CREATE VIEW mart.price_index AS
WITH newest AS (
  SELECT * FROM core.price_index WHERE base_year = (SELECT max(base_year) FROM core.price_index)
),
linked AS (
  SELECT
    old.period, old.period_start, old.period_end, old.index_value / at_link.index_value * now.index_value AS value,
    'derived' AS evidence, 'index / index of the linking year × index of the linking year on the new base' AS formula,
    list_distinct([old.index_id, at_link.index_id, now.index_id]) AS input_ids
  FROM core.price_index AS old
  JOIN core.price_index AS at_link ON at_link.base_year = old.base_year
  JOIN newest AS now ON now.period_start = at_link.period_start
  WHERE old.base_year < now.base_year
  -- the first year that both bases give
  QUALIFY at_link.period_start = min(at_link.period_start) OVER (PARTITION BY old.index_id)
),
candidates AS (
  SELECT period, period_start, period_end, index_value AS value, 'published' AS evidence, '' AS formula, [index_id] AS input_ids, 0 AS steps FROM newest
  UNION ALL BY NAME SELECT *, 1 AS steps FROM linked
)
SELECT * EXCLUDE (steps), (SELECT max(base_year) FROM core.price_index) AS base_year
FROM candidates
QUALIFY row_number() OVER (PARTITION BY period_start ORDER BY steps) = 1;
COMMENT ON VIEW mart.price_index IS '한 기준으로 이은 소비자물가지수(전체, 연평균) | Consumer price index, all items, yearly average, linked to one base';

-- Annual values in both currencies: as published, else converted at the year's average rate.
CREATE VIEW mart.value_in_both_currencies AS
WITH rate AS (
  SELECT period_start, period_end, krw_per_usd, rate_id FROM core.exchange_rate WHERE preferred
),
converted AS (
  SELECT
    l.* EXCLUDE (metric_id, unit, value, formula, evidence, input_ids),
    CASE l.unit WHEN 'USD' THEN 'value_krw' ELSE 'value_usd' END AS metric_id,
    CASE l.unit WHEN 'USD' THEN 'KRW' ELSE 'USD' END AS unit,
    CASE l.unit WHEN 'USD' THEN l.value * r.krw_per_usd ELSE l.value / r.krw_per_usd END AS value,
    'derived' AS evidence, 'value at the period’s average rate' AS formula,
    list_concat(l.input_ids, [r.rate_id]) AS input_ids
  FROM mart.level_published AS l JOIN rate AS r USING (period_start, period_end)
  WHERE l.metric_id IN ('value_usd', 'value_krw')
),
candidates AS (
  SELECT *, 0 AS steps FROM mart.level_published WHERE metric_id IN ('value_usd', 'value_krw')
  UNION ALL BY NAME SELECT *, 1 AS steps FROM converted
)
SELECT * EXCLUDE (steps), steps FROM candidates
QUALIFY row_number() OVER (
  PARTITION BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id ORDER BY steps
) = 1;
COMMENT ON VIEW mart.value_in_both_currencies IS '달러와 원 금액: 발표값, 없으면 기간 평균환율로 환산 | Values in dollars and won: published, else at the period’s average rate';

-- What the Trends page draws: whole-series totals and members, one row a point.
CREATE VIEW mart.trend AS
WITH points AS (
  SELECT series_id, definition_id, metric_id, unit, period, period_start, period_end, frequency, destination_id, item_id, channel_id, value, bound, evidence, formula, input_ids
  FROM mart.value_in_both_currencies
  UNION ALL BY NAME
  SELECT series_id, definition_id, metric_id, unit, period, period_start, period_end, frequency, destination_id, item_id, channel_id, value, bound, evidence, formula, input_ids
  FROM mart.level_published WHERE metric_id = 'cases'
  UNION ALL BY NAME
  SELECT
    v.series_id, v.definition_id, CASE v.unit WHEN 'USD' THEN 'value_per_case_usd' ELSE 'value_per_case_krw' END AS metric_id,
    CASE v.unit WHEN 'USD' THEN 'USD/case' ELSE 'KRW/case' END AS unit,
    v.period, v.period_start, v.period_end, v.frequency, v.destination_id, v.item_id, v.channel_id,
    v.value / c.value AS value, v.bound, 'derived' AS evidence, 'value / cases' AS formula,
    list_distinct(list_concat(v.input_ids, c.input_ids)) AS input_ids
  FROM mart.value_in_both_currencies AS v
  JOIN mart.level_published AS c USING (series_id, period_start, period_end, destination_id, item_id, channel_id)
  WHERE c.metric_id = 'cases'
)
SELECT
  p.*, d.kind AS destination_kind, d.name_ko AS destination_ko, d.name_en AS destination_en, i.name_ko AS item_ko, i.name_en AS item_en,
  ch.name_ko AS channel_ko, ch.name_en AS channel_en
FROM points AS p
JOIN core.destination AS d USING (destination_id)
JOIN core.item AS i USING (item_id)
JOIN core.channel AS ch USING (channel_id);
COMMENT ON VIEW mart.trend IS '추이 그림의 점 | The points of the trend charts';

CREATE VIEW mart.clearance_limit AS
SELECT l.*, c.name_ko AS channel_ko, c.name_en AS channel_en, p.publisher_ko, p.publisher_en, p.title, p.url, p.published
FROM core.clearance_limit AS l
JOIN core.channel AS c USING (channel_id)
JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.clearance_limit IS '한도의 역사와 출처 | History of the limits with sources';

CREATE VIEW mart.limit_in_force AS
SELECT
  limit_id, channel_id, limit_krw, effective_date AS valid_from,
  lead(effective_date) OVER (PARTITION BY channel_id ORDER BY effective_date) AS valid_before
FROM core.clearance_limit
WHERE status = 'in_force' AND limit_krw IS NOT NULL AND effective_date IS NOT NULL;
COMMENT ON VIEW mart.limit_in_force IS '날짜별로 시행 중인 한도 | The limit in force, by date';

-- The limits in dollars at a period's average rate, and as a multiple of the average case.
CREATE VIEW mart.limit_reading AS
SELECT
  l.limit_krw, r.period, l.limit_krw / r.krw_per_usd AS limit_usd,
  l.limit_krw / (v.value * r.krw_per_usd) AS multiple_of_average_case,
  list_concat([r.rate_id], coalesce(v.input_ids, [])) AS input_ids
FROM (SELECT DISTINCT limit_krw FROM core.clearance_limit WHERE limit_krw IS NOT NULL) AS l
CROSS JOIN (SELECT * FROM core.exchange_rate WHERE preferred AND frequency IN ('year', 'month')) AS r
LEFT JOIN mart.value_per_case AS v
  ON v.period_start = r.period_start AND v.period_end = r.period_end AND v.series_id = 'kcs_total' AND v.unit = 'USD/case'
  AND v.destination_id = 'ALL' AND v.item_id = 'ALL' AND v.channel_id = 'ALL';
COMMENT ON VIEW mart.limit_reading IS '한도를 달러와 평균 건당 금액의 배수로 | The limits in dollars and as multiples of the average case';

-- What two or more series say together; one row a result, each with its bound.
CREATE VIEW mart.reconciliation AS
WITH one AS (
  SELECT series_id, metric_id, period, destination_id, item_id, channel_id, value, input_ids FROM mart.level
  UNION ALL BY NAME
  SELECT series_id, metric_id, period, destination_id, item_id, channel_id, value, [observation_id] AS input_ids
  FROM mart.observation WHERE preferred AND kind <> 'level'
),
total AS (SELECT * FROM one WHERE destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL'),
cases_2022_at_most AS (
  SELECT both_ways.value - imports.value AS value, list_concat(both_ways.input_ids, imports.input_ids) AS input_ids
  FROM total AS both_ways, total AS imports
  WHERE both_ways.series_id = 'kcs_two_way' AND imports.series_id = 'kcs_imports' AND both_ways.period = '2022' AND imports.period = '2022'
),
cases_2022_2023 AS (
  SELECT
    sum(CASE period WHEN '2020-01..2025-08' THEN value ELSE -value END) AS value,
    flatten(list(input_ids ORDER BY period)) AS input_ids
  FROM total
  WHERE series_id = 'kcs_total' AND metric_id = 'cases' AND period IN ('2020-01..2025-08', '2020', '2021', '2024', '2025-01..2025-08')
),
cases_2023_at_least AS (
  SELECT b.value - a.value AS value, list_concat(b.input_ids, a.input_ids) AS input_ids FROM cases_2022_2023 AS b, cases_2022_at_most AS a
),
-- Statistics Korea's figure as it stood on the day of the customs release of February 2019, over the release's own value.
release_rate AS (
  SELECT b.period, d.value / b.value AS value, list_concat(d.input_ids, b.input_ids) AS input_ids, r.krw_per_usd, r.rate_id
  FROM total AS b
  JOIN (
    SELECT k.period, k.value, [k.observation_id] AS input_ids
    FROM mart.observation AS k
    WHERE k.series_id = 'kostat_old' AND k.metric_id = 'value_krw' AND k.frequency = 'year' AND k.published BETWEEN '2019-01' AND '2019-02-25'
      AND k.destination_id = 'ALL' AND k.item_id = 'ALL' AND k.channel_id = 'ALL'
    UNION ALL
    SELECT period, value, input_ids FROM mart.level_implied
    WHERE series_id = 'kostat_old' AND metric_id = 'value_krw' AND period = '2017' AND destination_id = 'ALL' AND item_id = 'ALL' AND channel_id = 'ALL'
  ) AS d USING (period)
  JOIN core.exchange_rate AS r USING (period)
  WHERE b.series_id = 'kcs_release_2019' AND b.metric_id = 'value_usd' AND r.preferred
),
list_value_left AS (
  SELECT a.period, a.value - c.value AS value, 100 * (a.value - c.value) / a.value AS share, list_concat(a.input_ids, c.input_ids) AS input_ids
  FROM total AS a JOIN total AS c USING (metric_id, period)
  WHERE a.series_id = 'kcs_total' AND c.series_id = 'mss_all' AND a.metric_id = 'value_usd'
)
SELECT 'cases_at_most' AS reconciliation_id, '2022' AS period, 'cases' AS unit, value, 'at_most' AS bound, 'exports and imports together − imports' AS formula, input_ids FROM cases_2022_at_most
UNION ALL BY NAME
SELECT 'declared_cases_at_most' AS reconciliation_id, '2022' AS period, 'cases' AS unit, c.value * (1 - s.value / 100) AS value, 'at_most' AS bound,
  'upper bound of cases × (1 − share of list clearance)' AS formula, list_concat(c.input_ids, s.input_ids) AS input_ids
FROM cases_2022_at_most AS c, one AS s
WHERE s.series_id = 'kcs_total' AND s.metric_id = 'share_cases_pct' AND s.channel_id = 'list_clearance' AND s.period = '2022'
UNION ALL BY NAME
SELECT 'cases_two_missing_years' AS reconciliation_id, '2022..2023' AS period, 'cases' AS unit, value, 'exact' AS bound, 'cumulative count − the published years' AS formula, input_ids FROM cases_2022_2023
UNION ALL BY NAME
SELECT 'cases_at_least' AS reconciliation_id, '2023' AS period, 'cases' AS unit, value, 'at_least' AS bound, 'two missing years − upper bound of the first' AS formula, input_ids FROM cases_2023_at_least
UNION ALL BY NAME
SELECT 'cases_at_least' AS reconciliation_id, '2023-09..2023-12' AS period, 'cases' AS unit, c.value - t.value AS value, 'at_least' AS bound, 'lower bound of the year − January to August' AS formula, list_concat(c.input_ids, t.input_ids) AS input_ids
FROM cases_2023_at_least AS c, total AS t WHERE t.series_id = 'kcs_total' AND t.metric_id = 'cases' AND t.period = '2023-01..2023-08'
UNION ALL BY NAME
SELECT 'value_per_case_at_most' AS reconciliation_id, '2023' AS period, 'USD/case' AS unit, t.value / c.value AS value, 'at_most' AS bound, 'value / lower bound of cases' AS formula, list_concat(t.input_ids, c.input_ids) AS input_ids
FROM cases_2023_at_least AS c, total AS t WHERE t.series_id = 'kcs_total' AND t.metric_id = 'value_usd' AND t.period = '2023'
UNION ALL BY NAME
SELECT 'list_clearance_value_left' AS reconciliation_id, period, 'USD' AS unit, value, 'approximate' AS bound, 'customs total − declarations of all firms' AS formula, input_ids FROM list_value_left
UNION ALL BY NAME
SELECT 'list_clearance_share_left' AS reconciliation_id, period, 'percent' AS unit, share AS value, 'approximate' AS bound, '(customs total − declarations of all firms) / customs total' AS formula, input_ids FROM list_value_left
UNION ALL BY NAME
SELECT 'value_from_ratio' AS reconciliation_id, k.period, 'USD' AS unit, k.value / x.value / r.krw_per_usd AS value, 'approximate' AS bound, 'online direct sales / ratio / average rate' AS formula, list_concat(k.input_ids, x.input_ids, [r.rate_id]) AS input_ids
FROM total AS k JOIN total AS x USING (period) JOIN core.exchange_rate AS r USING (period)
WHERE k.series_id = 'kostat_old' AND k.metric_id = 'value_krw' AND x.series_id = 'kiep_ratio' AND r.preferred
UNION ALL BY NAME
SELECT 'sum_of_quarters' AS reconciliation_id, period[:4] AS period, 'KRW' AS unit, sum(value) AS value, 'approximate' AS bound, 'sum of the four quarters as first released' AS formula, flatten(list(input_ids ORDER BY period)) AS input_ids
FROM total WHERE series_id = 'kostat_new' AND metric_id = 'value_krw' AND period LIKE '____-Q_' GROUP BY ALL HAVING count(*) = 4
UNION ALL BY NAME
SELECT 'declared_cases_without_2021' AS reconciliation_id, '2020-01..2025-08' AS period, 'cases' AS unit, a.value - b.value AS value, 'exact' AS bound, 'cumulative declarations − 2021' AS formula, list_concat(a.input_ids, b.input_ids) AS input_ids
FROM one AS a, one AS b
WHERE a.series_id = 'kcs_total' AND b.series_id = 'kcs_total' AND a.metric_id = 'cases' AND b.metric_id = 'cases'
  AND a.channel_id = 'declared' AND b.channel_id = 'declared' AND a.period = '2020-01..2025-08' AND b.period = '2021'
UNION ALL BY NAME
SELECT 'release_implied_rate' AS reconciliation_id, period, 'KRW/USD' AS unit, value, 'approximate' AS bound, 'online direct sales as then published / value of the release' AS formula, input_ids FROM release_rate
UNION ALL BY NAME
SELECT 'release_rate_gap' AS reconciliation_id, period, 'percent' AS unit, 100 * (value / krw_per_usd - 1) AS value, 'approximate' AS bound, 'implied rate / average rate − 1' AS formula, list_concat(input_ids, [rate_id]) AS input_ids FROM release_rate
UNION ALL BY NAME
SELECT CASE new.channel_id WHEN 'ALL' THEN 'redesign_ratio' ELSE 'redesign_ratio_' || new.channel_id END AS reconciliation_id, new.period, 'x' AS unit, new.value / old.value AS value, 'approximate' AS bound, 'new basis / old basis' AS formula, list_concat(new.input_ids, old.input_ids) AS input_ids
FROM one AS new JOIN one AS old USING (metric_id, period, destination_id, item_id, channel_id)
WHERE new.series_id = 'kostat_new' AND old.series_id = 'kostat_old' AND new.metric_id = 'value_krw' AND new.destination_id = 'ALL' AND new.item_id = 'ALL'
  AND new.channel_id IN ('ALL', 'duty_free', 'non_duty_free')
UNION ALL BY NAME
SELECT 'basis_ratio' AS reconciliation_id, early.period, 'x' AS unit, early.value / late.value AS value, 'approximate' AS bound, 'basis of 2021 / later basis' AS formula, list_concat(early.input_ids, late.input_ids) AS input_ids
FROM total AS early JOIN total AS late USING (metric_id, period)
WHERE early.series_id = 'mss_2021' AND late.series_id = 'mss_sme' AND early.metric_id = 'value_usd' AND period LIKE '____'
UNION ALL BY NAME
SELECT 'basis_half_of_year' AS reconciliation_id, late.period, 'percent' AS unit, 100 * early.value / late.value AS value, 'approximate' AS bound, 'first half, basis of 2021 / whole year, later basis' AS formula, list_concat(early.input_ids, late.input_ids) AS input_ids
FROM total AS early JOIN total AS late ON early.metric_id = late.metric_id AND early.period = late.period || '-H1'
WHERE early.series_id = 'mss_2021' AND late.series_id = 'mss_sme' AND early.metric_id = 'value_usd'
UNION ALL BY NAME
SELECT 'declared_and_list' AS reconciliation_id, list.period, 'USD' AS unit, list.value + declared.value AS value, 'exact' AS bound, 'list clearance + declarations' AS formula, list_concat(list.input_ids, declared.input_ids) AS input_ids
FROM one AS list JOIN one AS declared USING (series_id, metric_id, period, destination_id, item_id)
WHERE series_id = 'kcs_total' AND metric_id = 'value_usd' AND list.channel_id = 'list_clearance' AND declared.channel_id = 'declared' AND destination_id = 'ALL' AND item_id = 'ALL'
UNION ALL BY NAME
SELECT 'duty_free_share' AS reconciliation_id, period, 'percent' AS unit, 100 * part.value / whole.value AS value, 'exact' AS bound, 'part / total' AS formula, list_concat(part.input_ids, whole.input_ids) AS input_ids
FROM one AS part JOIN total AS whole USING (series_id, metric_id, period)
WHERE series_id = 'kostat_old' AND metric_id = 'value_krw' AND part.channel_id = 'duty_free' AND part.destination_id = 'ALL' AND part.item_id = 'ALL' AND period LIKE '____';
COMMENT ON VIEW mart.reconciliation IS '여러 계열이 함께 말해 주는 값과 그 한계 | What several series say together, and how exactly';

-- Totals of the five series in both currencies, a definition a line: years, and the month of the one that has no year.
CREATE VIEW mart.five_series AS
WITH total AS (
  SELECT l.*, s.letter, s.name_ko AS series_ko, s.name_en AS series_en
  FROM mart.level AS l JOIN core.series AS s USING (series_id)
  WHERE s.letter <> '' AND l.metric_id IN ('value_usd', 'value_krw') AND l.destination_id = 'ALL' AND l.item_id = 'ALL'
    AND ((l.channel_id = 'ALL' AND l.frequency = 'year') OR (l.series_id = 'nts_list' AND l.frequency = 'month'))
),
candidates AS (
  SELECT *, 0 AS steps FROM total
  UNION ALL BY NAME
  SELECT
    t.* EXCLUDE (metric_id, unit, value, formula, evidence, input_ids),
    CASE t.unit WHEN 'USD' THEN 'value_krw' ELSE 'value_usd' END AS metric_id,
    CASE t.unit WHEN 'USD' THEN 'KRW' ELSE 'USD' END AS unit,
    CASE t.unit WHEN 'USD' THEN t.value * r.krw_per_usd ELSE t.value / r.krw_per_usd END AS value,
    'derived' AS evidence, concat_ws(' → ', nullif(t.formula, ''), 'value at the period’s average rate') AS formula,
    list_concat(t.input_ids, [r.rate_id]) AS input_ids, 1 AS steps
  FROM total AS t JOIN core.exchange_rate AS r USING (period_start, period_end)
  WHERE r.preferred
)
SELECT * EXCLUDE (steps) FROM candidates
QUALIFY row_number() OVER (PARTITION BY series_id, metric_id, period_start, period_end ORDER BY steps, input_ids::text) = 1;
COMMENT ON VIEW mart.five_series IS '이름이 같은 다섯 계열의 총액, 달러와 원 | Totals of the five series that share one name, in dollars and won';

-- The populations that the simulator offers. Full years only: the season is strong.
CREATE VIEW mart.population AS
WITH value AS (
  SELECT * FROM mart.value_in_both_currencies
  WHERE series_id = 'kcs_total' AND destination_id = 'ALL' AND item_id = 'ALL' AND frequency = 'year'
),
counted AS (
  SELECT * FROM mart.level_published
  WHERE series_id = 'kcs_total' AND metric_id = 'cases' AND destination_id = 'ALL' AND item_id = 'ALL' AND frequency = 'year'
)
SELECT
  CASE won.channel_id WHEN 'ALL' THEN 'total-' ELSE 'declared-' END || won.period AS population_id,
  won.channel_id, won.period, c.value AS cases, won.value AS value_krw, won.evidence AS value_krw_evidence, dollars.value AS value_usd,
  won.value / dollars.value AS krw_per_usd, won.value / c.value AS mean_krw,
  list_won.value AS list_clearance_value_krw,
  list_distinct(list_concat(won.input_ids, dollars.input_ids, c.input_ids)) AS input_ids, list_won.input_ids AS list_clearance_input_ids
FROM value AS won
JOIN value AS dollars USING (period, channel_id)
JOIN counted AS c USING (period, channel_id)
LEFT JOIN value AS list_won ON list_won.period = won.period AND list_won.channel_id = 'list_clearance' AND list_won.metric_id = 'value_krw' AND won.channel_id = 'ALL'
WHERE won.metric_id = 'value_krw' AND dollars.metric_id = 'value_usd' AND won.channel_id IN ('ALL', 'declared') AND won.period IN ('2021', '2024');
COMMENT ON VIEW mart.population IS '모의계산의 모집단(연간) | Populations of the simulator, full years';

CREATE VIEW mart.contradiction AS
WITH same AS (
  SELECT
    'same:' || min(observation_id) AS contradiction_id, unnest(list(observation_id ORDER BY preferred DESC, observation_id)) AS observation_id,
    '' AS title_ko, '' AS title_en, max(reason_ko) AS reading_ko, max(reason_en) AS reading_en
  FROM core.observation
  GROUP BY series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id
  HAVING min(value) <> max(value)
)
SELECT * FROM same
UNION ALL BY NAME
SELECT contradiction_id, observation_id, title_ko, title_en, reading_ko, reading_en FROM core.contradiction;
COMMENT ON VIEW mart.contradiction IS '서로 어긋나는 발표값과 그 해석 | Published figures that disagree, and how we read them';

CREATE VIEW mart.source AS
WITH uses AS (
  SELECT source_id FROM core.observation
  UNION ALL SELECT source_id FROM core.fact
  UNION ALL SELECT source_id FROM core.clearance_limit
  UNION ALL SELECT source_id FROM core.event
  UNION ALL SELECT source_id FROM core.exchange_rate
  UNION ALL SELECT source_id FROM core.price_index
  UNION ALL SELECT source_id FROM core.currency_rate
  UNION ALL SELECT source_id FROM core.market_figure
  UNION ALL SELECT DISTINCT ON (rule_id) source_id FROM core.destination_rule
  UNION ALL SELECT source_id FROM core.assumption
)
SELECT p.*, count(u.source_id) AS figures
FROM core.source AS p LEFT JOIN uses AS u USING (source_id)
GROUP BY ALL;
COMMENT ON VIEW mart.source IS '출처와 옮긴 값의 수 | Sources and how many figures came from each';

CREATE VIEW mart.series AS
SELECT s.*, count(o.observation_id) AS figures, min(o.period_start) AS first_day, max(o.period_end) AS last_day
FROM core.series AS s LEFT JOIN core.observation AS o USING (series_id)
GROUP BY ALL;
COMMENT ON VIEW mart.series IS '계열의 정의와 기간 | Series with definitions and span';

CREATE VIEW mart.fact AS
SELECT f.*, p.publisher_ko, p.publisher_en, p.title, p.url, p.published
FROM core.fact AS f JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.fact IS '통계가 아닌 사실과 출처 | Facts that are no statistics, with sources';

CREATE VIEW mart.term AS
SELECT t.*, p.publisher_ko, p.publisher_en, p.title, p.url, p.published
FROM core.term AS t LEFT JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.term IS '용어와 정의, 근거 | Terms with definitions and sources';

CREATE VIEW mart.event AS
SELECT e.*, p.publisher_ko, p.publisher_en, p.title, p.url, p.published FROM core.event AS e JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.event IS '사건과 출처 | Events with sources';

CREATE VIEW mart.assumption AS
SELECT a.*, p.publisher_ko, p.publisher_en
FROM core.assumption AS a LEFT JOIN core.source AS p USING (source_id);
COMMENT ON VIEW mart.assumption IS '가정 | Assumptions';

CREATE VIEW mart.former_assumption AS
SELECT * FROM core.former_assumption;
COMMENT ON VIEW mart.former_assumption IS '링크가 적어 둔 가정 묶음 | Sets of assumptions that links name';

CREATE VIEW mart.dictionary AS
SELECT t.table_name, c.column_name, c.data_type, c.is_nullable,
  split_part(t.comment, ' | ', 1) AS table_ko, split_part(t.comment, ' | ', 2) AS table_en,
  split_part(coalesce(c.comment, ''), ' | ', 1) AS column_ko, split_part(coalesce(c.comment, ''), ' | ', 2) AS column_en, c.column_index
FROM duckdb_tables() AS t
JOIN duckdb_columns() AS c USING (database_name, schema_name, table_name)
WHERE t.schema_name = 'core' AND t.database_name = current_database();
COMMENT ON VIEW mart.dictionary IS '자료 사전 | The data dictionary';

-- Rules across rows. Every query must return no rows; a build that finds one stops and leaves the old data in use.

-- check: at most one preferred observation per series, metric, member and period
SELECT series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id, count(*) AS preferred
FROM core.observation
WHERE preferred
GROUP BY ALL
HAVING count(*) > 1;

-- check: where sources give a figure, one of them is preferred
SELECT series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id
FROM core.observation
GROUP BY ALL
HAVING NOT bool_or(preferred);

-- check: where sources disagree, the preferred figure says why
SELECT series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id, min(value) AS lowest, max(value) AS highest
FROM core.observation
GROUP BY ALL
HAVING min(value) <> max(value) AND NOT bool_or(preferred AND reason_ko <> '' AND reason_en <> '');

-- check: levels and shares are not negative, shares are at most 100
SELECT o.observation_id, o.value
FROM core.observation AS o JOIN core.metric AS m USING (metric_id)
WHERE (m.kind IN ('level', 'share', 'ratio') AND o.value < 0) OR (m.kind = 'share' AND o.value > 100);

-- check: shares of one publication add up to at most 100, give or take rounding
SELECT s.series_id, s.metric_id, s.period, s.source_id, sum(s.value) AS total
FROM core.observation AS s
JOIN core.metric AS m USING (metric_id)
JOIN core.destination AS d USING (destination_id)
WHERE m.kind = 'share' AND d.kind <> 'group' AND s.item_id <> 'clothing_and_cosmetics'
  AND (s.destination_id <> 'ALL')::int + (s.item_id <> 'ALL')::int + (s.channel_id <> 'ALL')::int = 1
GROUP BY s.series_id, s.metric_id, s.period, s.source_id, s.destination_id = 'ALL', s.item_id = 'ALL', s.channel_id = 'ALL'
HAVING sum(s.value) > 100 + 0.05 * count(*);

-- check: a part is not more than its whole
SELECT part.observation_id AS part, part.value AS part_value, whole.observation_id AS whole, whole.value AS whole_value
FROM core.observation AS part
JOIN core.observation AS whole USING (series_id, metric_id, period_start, period_end)
JOIN core.metric AS m USING (metric_id)
WHERE part.preferred AND whole.preferred AND m.kind = 'level' AND part.observation_id <> whole.observation_id
  AND whole.destination_id IN ('ALL', part.destination_id) AND whole.item_id IN ('ALL', part.item_id) AND whole.channel_id IN ('ALL', part.channel_id)
  AND part.value > whole.value;

-- check: parts do not add up to more than their whole
SELECT whole.observation_id AS whole, whole.value AS whole_value, sum(part.value) AS parts
FROM core.observation AS part
JOIN core.observation AS whole USING (series_id, metric_id, period_start, period_end)
JOIN core.metric AS m USING (metric_id)
JOIN core.destination AS d ON d.destination_id = part.destination_id
WHERE part.preferred AND whole.preferred AND m.kind = 'level' AND d.kind <> 'group' AND whole.observation_id <> part.observation_id
  AND whole.destination_id = 'ALL' AND whole.item_id = 'ALL' AND whole.channel_id = 'ALL'
  AND (part.destination_id <> 'ALL')::int + (part.item_id <> 'ALL')::int + (part.channel_id <> 'ALL')::int = 1
GROUP BY whole.observation_id, whole.value, part.destination_id = 'ALL', part.item_id = 'ALL', part.channel_id = 'ALL'
HAVING sum(part.value) > whole.value * 1.005;

-- check: a part of a year is not more than the year
SELECT part.observation_id AS part, part.value AS part_value, whole.observation_id AS whole, whole.value AS whole_value
FROM core.observation AS part
JOIN core.observation AS whole USING (series_id, metric_id, destination_id, item_id, channel_id)
JOIN core.metric AS m USING (metric_id)
WHERE part.preferred AND whole.preferred AND m.kind = 'level' AND m.metric_id IN ('value_usd', 'value_krw', 'cases')
  AND part.period_start >= whole.period_start AND part.period_end <= whole.period_end
  AND (part.period_start, part.period_end) <> (whole.period_start, whole.period_end) AND part.value > whole.value;

-- check: a line for a chart uses one frequency and one definition
SELECT series_id, metric_id, destination_id, item_id, channel_id, frequency, count(DISTINCT definition_id) AS definitions
FROM mart.trend
WHERE frequency <> 'span' -- overlapping spans are never drawn as a line
GROUP BY ALL
HAVING count(DISTINCT definition_id) > 1 OR count(*) <> count(DISTINCT period_start);

-- check: published in won and in dollars at once, the two imply a plausible exchange rate
SELECT won.observation_id AS won, dollars.observation_id AS dollars, won.value / dollars.value AS implied, r.krw_per_usd
FROM core.observation AS won
JOIN core.observation AS dollars USING (series_id, period_start, period_end, destination_id, item_id, channel_id)
JOIN core.exchange_rate AS r USING (period_start, period_end)
WHERE won.metric_id = 'value_krw' AND dollars.metric_id = 'value_usd' AND r.preferred AND abs(won.value / dollars.value / r.krw_per_usd - 1) > 0.1;

-- check: one preferred exchange rate per period
SELECT period_start, period_end, count(*) AS preferred FROM core.exchange_rate WHERE preferred GROUP BY ALL HAVING count(*) > 1;

-- check: a series is followed by another series of another definition
SELECT s.series_id, s.followed_by FROM core.series AS s LEFT JOIN core.series AS later ON later.series_id = s.followed_by
WHERE s.followed_by <> '' AND (later.series_id IS NULL OR later.definition_id = s.definition_id);

-- check: a price index is 100 in its base year
SELECT index_id, period, index_value FROM core.price_index WHERE period = base_year::text AND index_value <> 100;

-- check: price indices of several bases share a year in which they can be linked
SELECT old.base_year FROM core.price_index AS old WHERE old.base_year < (SELECT max(base_year) FROM core.price_index)
GROUP BY old.base_year
HAVING NOT bool_or(old.period_start IN (SELECT period_start FROM core.price_index WHERE base_year = (SELECT max(base_year) FROM core.price_index)));

-- check: the limit in force is known for each channel and day
SELECT channel_id, effective_date, count(*) AS limits
FROM core.clearance_limit
WHERE status = 'in_force' AND limit_krw IS NOT NULL AND effective_date IS NOT NULL
GROUP BY ALL
HAVING count(DISTINCT limit_krw) > 1;

-- check: a contradiction names at least two figures
SELECT contradiction_id, count(*) AS figures FROM core.contradiction GROUP BY ALL HAVING count(*) < 2;

-- check: every series, metric, item and source that is kept is used
SELECT 'series' AS kept, series_id AS id FROM core.series WHERE series_id NOT IN (SELECT series_id FROM core.observation)
UNION ALL SELECT 'metric', metric_id FROM core.metric WHERE metric_id NOT IN (SELECT metric_id FROM core.observation)
UNION ALL SELECT 'item', item_id FROM core.item WHERE item_id NOT IN (SELECT item_id FROM core.observation)
UNION ALL SELECT 'source', source_id FROM core.source WHERE source_id NOT IN (
  SELECT source_id FROM core.observation
  UNION SELECT source_id FROM core.fact
  UNION SELECT source_id FROM core.clearance_limit
  UNION SELECT source_id FROM core.event
  UNION SELECT source_id FROM core.exchange_rate
  UNION SELECT source_id FROM core.price_index
  UNION SELECT source_id FROM core.currency_rate
  UNION SELECT source_id FROM core.market_figure
  UNION SELECT source_id FROM core.destination_rule
  UNION SELECT source_id FROM core.assumption WHERE source_id IS NOT NULL
);

-- check: numbers of a publication carry its quality or a weaker one
SELECT o.observation_id, o.quality, s.quality AS source_quality
FROM core.observation AS o JOIN core.source AS s USING (source_id)
WHERE list_position(['official', 'press quoting official', 'secondary'], o.quality) < list_position(['official', 'press quoting official', 'secondary'], s.quality);

-- check: the three full-year populations of the simulator are there with cases, value and rate
SELECT p.population_id
FROM (VALUES ('total-2021'), ('total-2024'), ('declared-2021')) AS p (population_id)
LEFT JOIN mart.population AS m USING (population_id)
WHERE m.cases IS NULL OR m.value_krw IS NULL OR m.krw_per_usd IS NULL;

-- check: rules of one destination, route and goods do not overlap
-- Drafts and plans stand apart until they are adopted; a rule without an end lasts for ever, one without a start has always been.
SELECT one.destination_id, one.route, one.goods, one.rule_id AS rule, other.rule_id AS overlaps, greatest(one.valid_from_day, other.valid_from_day) AS from_day
FROM core.destination_rule AS one
JOIN core.destination_rule AS other USING (destination_id, route, goods)
WHERE one.rule_id < other.rule_id AND one.status NOT IN ('planned', 'draft') AND other.status NOT IN ('planned', 'draft')
  AND coalesce(one.valid_from_day, '-infinity'::date) <= coalesce(other.valid_to_day, 'infinity'::date)
  AND coalesce(other.valid_from_day, '-infinity'::date) <= coalesce(one.valid_to_day, 'infinity'::date);

-- check: rules of one destination, route and goods leave no gap
WITH adopted AS (
  SELECT *, lead(rule_id) OVER later AS next_rule, lead(valid_from_day) OVER later AS next_from
  FROM core.destination_rule
  WHERE status NOT IN ('planned', 'draft')
  WINDOW later AS (PARTITION BY destination_id, route, goods ORDER BY coalesce(valid_from_day, '-infinity'::date))
)
SELECT destination_id, route, goods, rule_id AS rule, valid_to_day AS until_day, next_rule, next_from
FROM adopted WHERE next_rule IS NOT NULL AND next_from > valid_to_day + 1;

-- check: a rule that has ended says when
SELECT rule_id, route, status, valid_to FROM core.destination_rule WHERE status = 'ended' AND valid_to = '';

-- check: a currency is turned into won by a won rate of the same publication and year
SELECT r.rate_id FROM core.currency_rate AS r LEFT JOIN mart.won_per_dollar AS w USING (basis, period) WHERE w.krw_per_usd IS NULL;

-- check: facts of markets lie within what is possible
SELECT f.figure_id, f.value FROM core.market_figure AS f JOIN core.market_metric AS m USING (metric_id)
WHERE (m.kind <> 'growth' AND f.value < 0) OR (m.kind = 'share' AND f.value > 100);

-- check: exports of an item to one destination are not more than to all
SELECT part.figure_id, part.value, whole.value AS whole FROM core.market_figure AS part
JOIN core.market_figure AS whole USING (metric_id, period) JOIN core.market_metric AS m USING (metric_id)
WHERE m.item_id <> 'ALL' AND m.kind = 'level' AND whole.destination_id = 'ALL' AND part.value > whole.value;

-- check: figures of markets, rates and rules carry the quality of their publication or a weaker one
SELECT each.id, each.quality, s.quality AS source_quality
FROM (
  SELECT figure_id AS id, quality, source_id FROM core.market_figure
  UNION ALL SELECT rate_id, quality, source_id FROM core.currency_rate
  UNION ALL SELECT rule_id, quality, source_id FROM core.destination_rule
) AS each
JOIN core.source AS s USING (source_id)
WHERE list_position(['official', 'press quoting official', 'secondary'], each.quality) < list_position(['official', 'press quoting official', 'secondary'], s.quality);

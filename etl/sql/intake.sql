-- How cells that people typed become numbers, days and countries. `etl/intake/reading.py` runs the parts by their names.

-- part: macros
-- Full-width letters and the blanks that are not seen; a cell that is plain is left alone, which is most of them.
CREATE MACRO narrowed(v) AS CASE
  WHEN regexp_full_match(v, '[0-9A-Za-z.\-:]*') THEN v
  ELSE trim(translate(v,
    '０１２３４５６７８９，．－＋（）／：￦＄￥　' || chr(160) || chr(8203) || chr(65279),
    '0123456789,.-+()/:₩$¥    '))
END;
-- A spreadsheet's way to keep leading zeros: ="0123".
CREATE MACRO unquoted(v) AS CASE
  WHEN starts_with(v, '=') THEN regexp_replace(v, '^="([^"]*)"$', '\1')
  ELSE v
END;
CREATE MACRO without_mark(v) AS
  regexp_replace(regexp_replace(v, '^[\p{L}\p{Sc}\\ ]+', ''), '[\p{L}\p{Sc}\\ ]+$', '');
CREATE MACRO mark_of(v) AS upper(replace(
  regexp_extract(v, '^[\p{L}\p{Sc}\\ ]+') || regexp_extract(v, '[\p{L}\p{Sc}\\ ]+$'), ' ', ''));
CREATE MACRO is_plain(v) AS regexp_full_match(v, '[0-9]{1,14}');
CREATE MACRO amount_of(v) AS CASE
  WHEN is_plain(v) THEN TRY_CAST(v AS DECIMAL(18, 4))
  -- Commas only where thousands are: 1,234,000, but not 12,34.
  WHEN regexp_full_match(without_mark(v), '[0-9]+(\.[0-9]+)?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?')
    THEN TRY_CAST(replace(without_mark(v), ',', '') AS DECIMAL(18, 4))
END;
CREATE MACRO fault_of(v, amount) AS CASE
  WHEN amount > 0 THEN ''
  WHEN v = '' THEN 'empty'
  WHEN amount = 0 THEN 'zero'
  WHEN starts_with(v, '=') THEN 'formula'
  WHEN regexp_matches(v, '^[\p{L}\p{Sc}\\ ]*[-−–△▲(][\p{L}\p{Sc}\\ ]*[0-9][0-9.,]*\)?[\p{L}\p{Sc}\\ ]*$') THEN 'negative'
  WHEN regexp_matches(replace(without_mark(v), ',', ''), '^[0-9]{15,}(\.[0-9]+)?$') THEN 'large'
  ELSE 'text'
END;
-- '$' and '¥' are several currencies; they follow what is stated elsewhere.
CREATE MACRO currency_named(v) AS CASE
  WHEN v IN ('₩', '\', '원', '원화', 'WON', 'KRW') THEN 'KRW'
  WHEN v IN ('US$', '$US', 'USD$', 'USD', '달러', '미화', '불') THEN 'USD'
  WHEN v IN ('JP¥', 'JPY', '円', '엔', '엔화') THEN 'JPY'
  WHEN v IN ('CN¥', 'RMB', 'CNY', '위안', '위안화') THEN 'CNY'
  WHEN v IN ('€', 'EUR', '유로') THEN 'EUR'
  WHEN v IN ('£', 'GBP', '파운드') THEN 'GBP'
  WHEN v IN ('HK$', 'HKD') THEN 'HKD'
  WHEN v IN ('NT$', 'TWD') THEN 'TWD'
  WHEN v IN ('S$', 'SGD') THEN 'SGD'
  WHEN v IN ('A$', 'AU$', 'AUD') THEN 'AUD'
  WHEN v IN ('C$', 'CA$', 'CAD') THEN 'CAD'
  WHEN regexp_full_match(v, '[A-Z]{3}') THEN v
END;
CREATE MACRO day_of(v, form) AS CASE
  WHEN form THEN CAST(try_strptime(v, getvariable('date_form')) AS DATE)
  WHEN regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?') THEN TRY_CAST(left(v, 10) AS DATE)
  WHEN regexp_full_match(v, '[0-9]{8}([0-9]{6})?') THEN CAST(try_strptime(left(v, 8), '%Y%m%d') AS DATE)
  WHEN regexp_full_match(v, '[0-9]{6}') THEN CAST(try_strptime(v || '01', '%Y%m%d') AS DATE)
  WHEN regexp_full_match(v, '[0-9]{4} ?[-./년] ?[0-9]{1,2} ?월?')
    THEN TRY_CAST(regexp_replace(v, '^([0-9]{4})[^0-9]+([0-9]{1,2}).*$', '\1-\2-1') AS DATE)
  WHEN regexp_matches(v, '^[0-9]{4} ?[-./년]')
    THEN TRY_CAST(regexp_replace(v, '^([0-9]{4}) ?[-./년] ?([0-9]{1,2}) ?[-./월] ?([0-9]{1,2}) ?[.일]?(?:[T ].*)?$', '\1-\2-\3') AS DATE)
  ELSE CAST(try_strptime(v, ['%b-%d-%y', '%b-%d-%Y', '%b %d, %Y', '%d-%b-%Y', '%d %b %Y', '%d-%b-%y', '%B %d, %Y']) AS DATE)
END;
-- An HS code without its dots; any other name of goods as it is.
CREATE MACRO item_of(v) AS CASE
  WHEN regexp_full_match(v, '[0-9]{2,4}([.\- ]?[0-9]{2})*([.\- ]?[0-9]{3,4})?') THEN regexp_replace(v, '[^0-9]', '', 'g')
  ELSE v
END;

-- part: tables
CREATE TABLE place (name VARCHAR, code VARCHAR);
CREATE TABLE rate (currency VARCHAR, month VARCHAR, micro HUGEINT, source VARCHAR);
CREATE TABLE typed (
  file INTEGER, line BIGINT, amount DECIMAL(18, 4), currency VARCHAR, day DATE, destination VARCHAR, item VARCHAR,
  channel VARCHAR, order_id VARCHAR, reason VARCHAR, cell VARCHAR
);
CREATE TABLE broken (file INTEGER, line BIGINT, reason VARCHAR, cell VARCHAR);

-- part: typed
-- From `cells` (all text, or a number and a day where a file has types) and `facts` (one row on the file).
WITH plain AS (
  SELECT c.* REPLACE (
      narrowed(coalesce(c.currency, '')) AS currency, narrowed(coalesce(c.destination, '')) AS destination,
      unquoted(narrowed(coalesce(c.item, ''))) AS item, trim(coalesce(c.channel, '')) AS channel,
      unquoted(trim(coalesce(c.order_id, ''))) AS order_id, trim(coalesce(c.cancelled, '')) AS cancelled, trim(coalesce(c.line_id, '')) AS line_id,
      narrowed(coalesce(c.date_text, '')) AS date_text, narrowed(coalesce(c.quantity, '')) AS quantity,
      unquoted(narrowed(coalesce(c.value_text, ''))) AS value_text),
    f.*
  FROM cells AS c CROSS JOIN facts AS f
), read AS (
  SELECT *,
    CASE WHEN has_type THEN value_number ELSE amount_of(value_text) END AS price,
    CASE WHEN has_type OR is_plain(value_text) THEN '' ELSE mark_of(value_text) END AS mark,
    CASE WHEN NOT has_date THEN NULL WHEN has_day THEN day_typed ELSE day_of(date_text, has_form) END AS day,
    CASE WHEN has_quantity THEN amount_of(quantity) ELSE 1 END AS pieces
  FROM plain
), known AS (
  SELECT * REPLACE (CASE WHEN day BETWEEN DATE '1990-01-01' AND DATE '2099-12-31' THEN day END AS day),
    CASE WHEN has_type THEN
      CASE WHEN price > 0 THEN '' WHEN price IS NULL AND value_text <> '' THEN 'large' WHEN price IS NULL THEN 'empty'
        WHEN price = 0 THEN 'zero' ELSE 'negative' END
      ELSE fault_of(value_text, price) END AS fault,
    CASE WHEN currency <> '' THEN coalesce(currency_named(upper(currency)), upper(currency)) ELSE currency_said END AS stated,
    currency_named(mark) AS marked
  FROM read
), judged AS (
  SELECT *,
    coalesce(marked, nullif(stated, ''), CASE mark WHEN '$' THEN 'USD' ELSE 'KRW' END) AS money,
    CASE
      WHEN has_line AND line_id = '' THEN 'summary'
      WHEN cancelled <> '' THEN 'cancelled'
      WHEN has_order AND order_id = '' THEN 'order'
      WHEN fault = 'empty' AND per_order THEN ''
      WHEN fault <> '' THEN fault
      WHEN mark = '¥' AND stated NOT IN ('JPY', 'CNY') THEN 'currency'
      WHEN mark NOT IN ('', '$', '¥') AND marked IS NULL THEN 'text'
      WHEN mark = '$' AND stated NOT IN ('', 'USD', 'SGD', 'HKD', 'TWD', 'AUD', 'CAD', 'NZD', 'MXN') THEN 'currency'
      WHEN currency <> '' AND marked <> stated THEN 'currency'
      -- 1.234 in won is either 1,234 written the European way or a slip: both are guesses.
      WHEN coalesce(marked, nullif(stated, ''), 'KRW') = 'KRW' AND mark <> '$' AND regexp_full_match(without_mark(value_text), '[0-9]{1,3}\.[0-9]{3}')
        AND NOT has_type THEN 'dots'
      WHEN has_quantity AND (pieces IS NULL OR pieces <= 0) THEN 'quantity'
      WHEN has_date AND day IS NULL AND date_text = '' AND per_order THEN ''
      WHEN has_date AND day IS NULL THEN 'date'
      ELSE ''
    END AS first_reason
  FROM known
)
SELECT file, line, CASE WHEN first_reason = '' THEN price * pieces END AS amount, money AS currency, day,
  coalesce(p.code, j.destination) AS destination, item_of(item) AS item, channel, order_id,
  CASE WHEN first_reason = '' AND p.code = 'KR' THEN 'domestic' ELSE first_reason END AS reason,
  CASE first_reason WHEN '' THEN CASE p.code WHEN 'KR' THEN j.destination END WHEN 'date' THEN date_text WHEN 'order' THEN order_id
    WHEN 'quantity' THEN quantity WHEN 'cancelled' THEN cancelled WHEN 'currency' THEN value_text || ' ' || currency
    ELSE value_text END AS cell
FROM judged AS j LEFT JOIN place AS p ON p.name = upper(j.destination)

-- part: numbers
-- The quick way for a file whose values are whole won and whose days are days: nothing has to be read out of text.
SELECT file, line, value_number AS krw, day_typed AS day, coalesce(p.code, c.destination, '') AS destination,
  item_of(coalesce(c.item, '')) AS item, coalesce(c.channel, '') AS channel, '' AS order_id,
  CASE WHEN value_number IS NULL THEN 'empty' WHEN value_number = 0 THEN 'zero' WHEN value_number < 0 THEN 'negative'
    WHEN value_number > 99999999999999 THEN 'large' WHEN has_date AND day_typed IS NULL THEN 'date'
    WHEN p.code = 'KR' THEN 'domestic' ELSE '' END AS reason,
  CASE WHEN value_number IS NULL OR value_number <= 0 THEN CAST(value_number AS VARCHAR) ELSE '' END AS cell
FROM cells AS c CROSS JOIN facts AS f LEFT JOIN place AS p ON p.name = upper(c.destination)

-- part: numbers as they are
-- As before, where each destination is a code and each HS code is without dots already: nothing is looked up row by row.
SELECT file, line, value_number AS krw, day_typed AS day, coalesce(destination, '') AS destination, coalesce(item, '') AS item,
  coalesce(c.channel, '') AS channel, '' AS order_id,
  CASE WHEN value_number IS NULL THEN 'empty' WHEN value_number = 0 THEN 'zero' WHEN value_number < 0 THEN 'negative'
    WHEN value_number > 99999999999999 THEN 'large' WHEN has_date AND day_typed IS NULL THEN 'date'
    WHEN destination = 'KR' THEN 'domestic' ELSE '' END AS reason,
  CASE WHEN value_number IS NULL OR value_number <= 0 THEN CAST(value_number AS VARCHAR) ELSE '' END AS cell
FROM cells AS c CROSS JOIN facts AS f

-- part: spelled otherwise
SELECT (SELECT count(*) FROM (SELECT DISTINCT coalesce(item, '') AS item FROM cells) WHERE item_of(item) <> item)
  + (SELECT count(*) FROM (SELECT DISTINCT destination FROM cells) AS c JOIN place AS p ON p.name = upper(c.destination)
    WHERE p.code <> c.destination)

-- part: lines
-- Won, to the nearest, in whole numbers only: no engine and no machine rounds otherwise.
CREATE TABLE judged AS
SELECT t.file, t.line, t.day, t.destination, t.item, t.channel, t.order_id, t.currency,
  coalesce(t.cell, t.amount || ' ' || t.currency || ' ' || coalesce(strftime(t.day, '%Y-%m'), '')) AS cell, coalesce(m.source, a.source) AS source,
  CASE WHEN t.currency = 'KRW' THEN CAST(round(t.amount) AS BIGINT)
    ELSE TRY_CAST((CAST(t.amount * 10000 AS HUGEINT) * coalesce(m.micro, a.micro) + 5000000000) // 10000000000 AS BIGINT) END AS krw,
  CASE WHEN t.reason <> '' THEN t.reason WHEN krw IS NULL THEN 'rate' WHEN krw = 0 THEN 'zero' WHEN krw > 99999999999999 THEN 'large'
    ELSE '' END AS reason
FROM typed AS t
LEFT JOIN rate AS m ON t.currency = m.currency AND m.month = strftime(t.day, '%Y-%m')
LEFT JOIN rate AS a ON t.currency = a.currency AND a.month = '';

-- part: whole orders
-- Lines repeat the order's value or leave it blank: the order has it once, and it must be the same wherever it stands.
CREATE TABLE whole AS
SELECT order_id, min(file) AS file, min(line) AS line, max(amount) AS amount, max(currency) FILTER (amount IS NOT NULL) AS currency,
  min(day) AS day, coalesce(max(destination) FILTER (destination <> ''), '') AS destination,
  coalesce(arg_min(item, line) FILTER (item <> ''), '') AS item, coalesce(max(channel) FILTER (channel <> ''), '') AS channel,
  CASE WHEN bool_or(reason NOT IN ('', 'domestic', 'cancelled', 'summary')) THEN 'with'
    WHEN bool_or(reason = 'cancelled') THEN 'cancelled' WHEN bool_or(reason = 'domestic') THEN 'domestic'
    WHEN min(amount) <> max(amount) THEN 'totals' WHEN max(amount) IS NULL THEN 'empty'
    WHEN getvariable('has_dates') AND min(day) IS NULL THEN 'date' ELSE '' END AS reason
FROM typed WHERE order_id <> '' GROUP BY order_id;
CREATE TABLE judged AS
WITH won AS (
  SELECT w.*, coalesce(m.source, a.source) AS source,
    CASE WHEN w.currency = 'KRW' THEN CAST(round(w.amount) AS BIGINT)
      ELSE TRY_CAST((CAST(w.amount * 10000 AS HUGEINT) * coalesce(m.micro, a.micro) + 5000000000) // 10000000000 AS BIGINT) END AS krw
  FROM whole AS w
  LEFT JOIN rate AS m ON w.currency = m.currency AND m.month = strftime(w.day, '%Y-%m')
  LEFT JOIN rate AS a ON w.currency = a.currency AND a.month = ''
)
SELECT t.file, t.line, w.day, w.destination, w.item, w.channel, t.order_id, coalesce(t.cell, w.amount || ' ' || w.currency || ' ' || coalesce(strftime(w.day, '%Y-%m'), '')) AS cell,
  w.currency, w.source,
  -- The order's value stands on its first line, so that the sum over its lines is its value.
  CASE WHEN t.file = w.file AND t.line = w.line THEN w.krw ELSE 0 END AS krw,
  CASE WHEN t.reason <> '' THEN t.reason WHEN w.reason <> '' THEN w.reason WHEN w.krw IS NULL THEN 'rate' WHEN w.krw = 0 THEN 'zero'
    WHEN w.krw > 99999999999999 THEN 'large' ELSE '' END AS reason
FROM typed AS t LEFT JOIN won AS w USING (order_id);

-- part: shipments of rows
CREATE VIEW shipments AS
SELECT day AS date, destination, item, channel, krw AS value_krw FROM judged WHERE reason = '';

-- part: shipments of orders
-- An order of which one line is refused is not counted: its value would be too low. The goods are those of its dearest line.
CREATE TABLE broken_order AS
SELECT DISTINCT order_id FROM judged
WHERE reason NOT IN ('', 'domestic', 'cancelled', 'summary') AND order_id <> '';
UPDATE judged SET reason = 'with', cell = order_id
WHERE reason = '' AND order_id IN (SELECT order_id FROM broken_order);
CREATE TABLE one AS
SELECT order_id, min(day) AS date, arg_max(destination, krw) AS destination, arg_max(item, krw) AS item, arg_max(channel, krw) AS channel,
  CAST(sum(krw) AS BIGINT) AS value_krw
FROM judged WHERE reason = '' AND order_id <> '' GROUP BY order_id;
UPDATE judged SET day = one.date FROM one WHERE judged.order_id = one.order_id AND judged.reason = '';
CREATE VIEW shipments AS
SELECT date, destination, item, channel, value_krw FROM one
UNION ALL
SELECT day, destination, item, channel, krw FROM judged WHERE reason = '' AND order_id = '';

-- part: rows
SELECT count(*) + (SELECT count(*) FROM broken), count(*) FILTER (reason = '') FROM judged

-- part: by file and month
WITH every AS (
  SELECT file, date_trunc('month', day) AS month, count(*) AS rows, count(*) FILTER (reason = '') AS accepted FROM judged GROUP BY ALL
  UNION ALL SELECT file, NULL, count(*), 0 FROM broken GROUP BY ALL
)
SELECT file, coalesce(strftime(month, '%Y-%m'), ''), CAST(sum(rows) AS BIGINT), CAST(sum(accepted) AS BIGINT) FROM every GROUP BY ALL ORDER BY ALL

-- part: reasons
WITH every AS (
  SELECT file, line, reason, cell FROM judged WHERE reason <> ''
  UNION ALL SELECT * FROM broken
)
SELECT reason, count(*), min((file, line, coalesce(cell, '')))[1], min((file, line, coalesce(cell, '')))[2],
  min((file, line, coalesce(cell, '')))[3]
FROM every GROUP BY reason ORDER BY count(*) DESC, reason

-- part: refused rows
SELECT file, line, reason, cell FROM judged WHERE reason <> ''
UNION ALL SELECT * FROM broken
ORDER BY ALL

-- part: conversions
SELECT currency, coalesce(strftime(day, '%Y-%m'), ''), source, count(*) FROM judged
WHERE reason = '' AND currency <> 'KRW' GROUP BY ALL ORDER BY ALL

-- The tables of the warehouse: published values only, one grain a table, units in names.
-- COMMENTs feed the data dictionary of the Sources page as "Korean | English".
CREATE SCHEMA core;
CREATE SCHEMA mart;

CREATE TABLE core.source (
  source_id text PRIMARY KEY,
  publisher_ko text NOT NULL CHECK (publisher_ko <> ''),
  publisher_en text NOT NULL CHECK (publisher_en <> ''),
  title text NOT NULL CHECK (title <> ''),
  url text NOT NULL,
  published text NOT NULL CHECK (published = '' OR regexp_full_match(published, '\d{4}(-\d{2}(-\d{2})?)?')),
  published_note_ko text NOT NULL,
  published_note_en text NOT NULL,
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  CHECK (url <> '' OR published_note_en <> '')
);
COMMENT ON TABLE core.source IS '발표 자료 한 건이 한 행 | One row per publication that figures were read in';
COMMENT ON COLUMN core.source.published IS '발표일(연, 연-월 또는 연-월-일), 모르면 빈칸 | Date of publication as far as known, empty if undated';
COMMENT ON COLUMN core.source.published_note_ko IS '발표일·주소에 관한 설명(한국어) | What is uncertain about date or address, Korean';
COMMENT ON COLUMN core.source.published_note_en IS '발표일·주소에 관한 설명(영어) | What is uncertain about date or address, English';
COMMENT ON COLUMN core.source.quality IS '공식, 공식 자료를 인용한 언론, 2차 자료 | official, press quoting official, or secondary';
COMMENT ON COLUMN core.source.url IS '주소, 기록이 없으면 빈칸 | Address, empty where none was recorded';
COMMENT ON COLUMN core.source.title IS '제목(원어) | Title in its own language';

CREATE TABLE core.metric (
  metric_id text PRIMARY KEY,
  unit text NOT NULL CHECK (unit <> ''),
  kind text NOT NULL CHECK (kind IN ('level', 'share', 'growth', 'ratio')),
  name_ko text NOT NULL,
  name_en text NOT NULL,
  UNIQUE (metric_id, unit)
);
COMMENT ON TABLE core.metric IS '지표와 단위 | What is measured, and its one unit';
COMMENT ON COLUMN core.metric.kind IS '수준·비중·증가율·비율: 더할 수 있는 것은 수준뿐 | level, share, growth or ratio; only levels may be added up';

CREATE TABLE core.series (
  series_id text PRIMARY KEY,
  letter text NOT NULL CHECK (letter IN ('', 'A', 'B', 'C', 'D', 'E')),
  definition_id text NOT NULL CHECK (definition_id <> ''),
  publisher_ko text NOT NULL,
  publisher_en text NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  covers_ko text NOT NULL CHECK (covers_ko <> ''),
  covers_en text NOT NULL CHECK (covers_en <> ''),
  leaves_out_ko text NOT NULL,
  leaves_out_en text NOT NULL,
  break_ko text NOT NULL,
  break_en text NOT NULL,
  followed_by text NOT NULL
);
COMMENT ON TABLE core.series IS '통계 계열 하나가 한 행. 정의가 다르면 다른 계열 | One row per statistical series; another definition is another series';
COMMENT ON COLUMN core.series.letter IS '이름이 같은 다섯 계열의 구분(A~E) | Which of the five series that share one name (A to E)';
COMMENT ON COLUMN core.series.definition_id IS '정의 번호. 같은 정의끼리만 한 선으로 이을 수 있음 | Definition; only observations of one definition may be joined into a line';
COMMENT ON COLUMN core.series.covers_ko IS '포함 범위(한국어) | What it covers, Korean';
COMMENT ON COLUMN core.series.covers_en IS '포함 범위(영어) | What it covers, English';
COMMENT ON COLUMN core.series.leaves_out_ko IS '빠진 것(한국어) | What it leaves out, Korean';
COMMENT ON COLUMN core.series.leaves_out_en IS '빠진 것(영어) | What it leaves out, English';
COMMENT ON COLUMN core.series.break_ko IS '정의가 바뀐 때와 까닭(한국어) | Where and why the definition changes, Korean';
COMMENT ON COLUMN core.series.followed_by IS '정의가 바뀐 뒤의 계열(잇지 않음) | The series that came after a break of definition; never joined with it';
COMMENT ON COLUMN core.series.break_en IS '정의가 바뀐 때와 까닭(영어) | Where and why the definition changes, English';

CREATE TABLE core.destination (
  destination_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('total', 'country', 'group')),
  name_ko text NOT NULL CHECK (name_ko <> ''),
  name_en text NOT NULL CHECK (name_en <> ''),
  iso3 text NOT NULL CHECK (regexp_full_match(iso3, CASE kind WHEN 'country' THEN '[A-Z]{3}' ELSE '' END))
);
COMMENT ON TABLE core.destination IS '목적국과 국가군 | Destinations: countries by ISO code, and groups';
COMMENT ON COLUMN core.destination.destination_id IS 'ISO 3166 두 글자 부호 또는 국가군 | ISO 3166 alpha-2 code, or a group';
COMMENT ON COLUMN core.destination.iso3 IS 'ISO 3166 세 글자 부호(지도용), 국가군은 빈칸 | ISO 3166 alpha-3 code, by which the map knows a country; empty for groups';

CREATE TABLE core.item (
  item_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('goods', 'value_band')),
  name_ko text NOT NULL,
  name_en text NOT NULL,
  caveat_ko text NOT NULL,
  caveat_en text NOT NULL
);
COMMENT ON TABLE core.item IS '품목(출처마다 분류가 다름)과 금액대 | Goods as each publisher groups them, and value bands';
COMMENT ON COLUMN core.item.caveat_ko IS '읽을 때 주의할 점(한국어) | What to mind when reading, Korean';
COMMENT ON COLUMN core.item.caveat_en IS '읽을 때 주의할 점(영어) | What to mind when reading, English';

CREATE TABLE core.channel (
  channel_id text PRIMARY KEY,
  name_ko text NOT NULL,
  name_en text NOT NULL
);
COMMENT ON TABLE core.channel IS '통관 경로와 판매 경로 | Clearance and sales channels';

CREATE TABLE core.observation (
  observation_id text PRIMARY KEY,
  series_id text NOT NULL REFERENCES core.series (series_id),
  metric_id text NOT NULL,
  period text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  frequency text NOT NULL CHECK (frequency IN ('year', 'half', 'quarter', 'month', 'span')),
  destination_id text NOT NULL REFERENCES core.destination (destination_id),
  item_id text NOT NULL REFERENCES core.item (item_id),
  channel_id text NOT NULL REFERENCES core.channel (channel_id),
  value double NOT NULL CHECK (isfinite(value)),
  unit text NOT NULL,
  bound text NOT NULL CHECK (bound IN ('exact', 'approximate', 'provisional', 'forecast', 'at_least', 'at_most')),
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  preferred boolean NOT NULL,
  reason_ko text NOT NULL,
  reason_en text NOT NULL,
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL,
  FOREIGN KEY (metric_id, unit) REFERENCES core.metric (metric_id, unit),
  UNIQUE (series_id, metric_id, period_start, period_end, destination_id, item_id, channel_id, source_id),
  CHECK (period_start <= period_end)
);
COMMENT ON TABLE core.observation IS '발표된 값 하나가 한 행. 서로 다른 값도 모두 두고 하나만 우선함 | One row per published figure; contradicting figures all stay, one is preferred';
COMMENT ON COLUMN core.observation.observation_id IS '값의 고유 번호 | Number of the figure';
COMMENT ON COLUMN core.observation.period IS '기간(2024, 2024-H1, 2024-Q3, 2024-06, 시작..끝) | Period: 2024, 2024-H1, 2024-Q3, 2024-06 or start..end';
COMMENT ON COLUMN core.observation.frequency IS '연·반기·분기·월, 그 밖은 구간 | year, half, quarter, month, or any other span';
COMMENT ON COLUMN core.observation.value IS '발표된 그대로의 값, 단위는 unit | The figure as published, in unit';
COMMENT ON COLUMN core.observation.bound IS '정확·대략·잠정·전망·이상·이하 | exact, approximate, provisional, forecast, at_least or at_most';
COMMENT ON COLUMN core.observation.preferred IS '같은 대상의 값이 여럿일 때 쓰는 값 | The figure used where sources give several';
COMMENT ON COLUMN core.observation.reason_ko IS '우선한 까닭(한국어) | Why it is preferred, Korean';
COMMENT ON COLUMN core.observation.reason_en IS '우선한 까닭(영어) | Why it is preferred, English';

CREATE TABLE core.contradiction (
  contradiction_id text NOT NULL,
  observation_id text NOT NULL REFERENCES core.observation (observation_id),
  title_ko text NOT NULL,
  title_en text NOT NULL,
  reading_ko text NOT NULL,
  reading_en text NOT NULL,
  PRIMARY KEY (contradiction_id, observation_id)
);
COMMENT ON TABLE core.contradiction IS '계열이나 단위를 넘어 서로 어긋나는 값과 그 해석 | Figures that disagree across series or units, and how we read them';

CREATE TABLE core.fact (
  fact_id text PRIMARY KEY,
  topic text NOT NULL,
  subject_ko text NOT NULL,
  subject_en text NOT NULL,
  value double NOT NULL CHECK (isfinite(value)),
  unit_ko text NOT NULL,
  unit_en text NOT NULL,
  valid_from text NOT NULL CHECK (valid_from = '' OR regexp_full_match(valid_from, '\d{4}(-\d{2}(-\d{2})?)?')),
  period_note_ko text NOT NULL,
  period_note_en text NOT NULL,
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL
);
COMMENT ON TABLE core.fact IS '통계가 아닌 것: 고시 번호, 조문, 수수료, 벌칙, 항목 수, 부호 | What is no statistic: notice and article numbers, fees, penalties, field counts, codes';
COMMENT ON COLUMN core.fact.valid_from IS '효력·기준 시점(아는 만큼) | Since when, as far as known';
COMMENT ON COLUMN core.fact.period_note_ko IS '출처의 기간 표기(한국어) | The source’s own words for the period, Korean';
COMMENT ON COLUMN core.fact.period_note_en IS '출처의 기간 표기(영어) | The source’s own words for the period, English';

CREATE TABLE core.clearance_limit (
  limit_id text PRIMARY KEY,
  channel_id text NOT NULL REFERENCES core.channel (channel_id),
  limit_krw bigint CHECK (limit_krw > 0),
  basis_ko text NOT NULL,
  basis_en text NOT NULL,
  announced text NOT NULL CHECK (announced = '' OR regexp_full_match(announced, '\d{4}(-\d{2}(-\d{2})?)?')),
  effective text NOT NULL CHECK (effective = '' OR regexp_full_match(effective, '\d{4}(-\d{2}(-\d{2})?)?')),
  effective_date date,
  status text NOT NULL CHECK (status IN ('in_force', 'superseded', 'not_adopted')),
  status_note_ko text NOT NULL,
  status_note_en text NOT NULL,
  article text NOT NULL,
  instrument_ko text NOT NULL,
  instrument_en text NOT NULL,
  change_ko text NOT NULL,
  change_en text NOT NULL,
  source_id text NOT NULL REFERENCES core.source (source_id),
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  note_ko text NOT NULL,
  note_en text NOT NULL,
  CHECK (announced <> '' OR effective <> '')
);
COMMENT ON TABLE core.clearance_limit IS '통관 경로별 한도의 역사(발표일과 시행일) | The history of the limits by channel: announced and effective';
COMMENT ON COLUMN core.clearance_limit.limit_krw IS '한도(원, 본선인도 가격), 금액이 없는 개정은 빈값 | Limit in won FOB; NULL where the change sets no amount';
COMMENT ON COLUMN core.clearance_limit.effective_date IS '시행일이 날짜까지 알려진 경우 | Date of entry into force where known to the day';
COMMENT ON COLUMN core.clearance_limit.status IS '시행, 이후 단계로 대체, 채택 안 됨 | in_force, superseded by a later step, or not_adopted';

CREATE TABLE core.event (
  event_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('limit', 'rule', 'statistics', 'market')),
  announced text NOT NULL,
  effective text NOT NULL,
  name_ko text NOT NULL,
  name_en text NOT NULL,
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL
);
COMMENT ON TABLE core.event IS '그림에 표시하는 사건 | What charts are annotated with';

CREATE TABLE core.exchange_rate (
  rate_id text PRIMARY KEY,
  period text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  frequency text NOT NULL CHECK (frequency IN ('year', 'half', 'quarter', 'month', 'span')),
  krw_per_usd double NOT NULL CHECK (krw_per_usd BETWEEN 500 AND 3000),
  basis text NOT NULL CHECK (basis IN ('fed_h10', 'seoul_close', 'bok')),
  preferred boolean NOT NULL,
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL,
  UNIQUE (period_start, period_end, basis)
);
COMMENT ON TABLE core.exchange_rate IS '원·달러 평균환율 | Average won per dollar';
COMMENT ON COLUMN core.exchange_rate.basis IS 'fed_h10은 미 연준 H.10(뉴욕 정오), bok은 한국은행, seoul_close는 서울 종가 | fed_h10: New York noon; bok: Bank of Korea; seoul_close: Seoul close';

CREATE TABLE core.price_index (
  index_id text PRIMARY KEY,
  period text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  frequency text NOT NULL CHECK (frequency = 'year'),
  index_value double NOT NULL CHECK (index_value > 0),
  base_year bigint NOT NULL CHECK (base_year BETWEEN 1990 AND 2100),
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL,
  UNIQUE (period_start, base_year)
);
COMMENT ON TABLE core.price_index IS '소비자물가지수(전체, 연평균), 발표된 그대로 | Consumer price index of Korea, all items, yearly average, as published';
COMMENT ON COLUMN core.price_index.index_value IS '지수, 기준연도는 100 | Index; 100 in the base year';
COMMENT ON COLUMN core.price_index.base_year IS '지수가 100인 해 | The year in which the index is 100';

CREATE TABLE core.currency_rate (
  rate_id text PRIMARY KEY,
  currency text NOT NULL CHECK (regexp_full_match(currency, '[A-Z]{3}')),
  period text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  frequency text NOT NULL CHECK (frequency = 'year'),
  units_per_usd double NOT NULL CHECK (units_per_usd > 0),
  basis text NOT NULL CHECK (basis IN ('fed_h10', 'wdi')),
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL,
  UNIQUE (currency, period_start, basis)
);
COMMENT ON TABLE core.currency_rate IS '목적국 통화의 연평균 환율(1달러당) | Yearly average rates of the destinations’ currencies, units per dollar';
COMMENT ON COLUMN core.currency_rate.basis IS 'fed_h10은 미 연준 H.10, wdi는 세계은행 세계개발지표. 원화로는 같은 자료, 같은 해의 원·달러 환율로 환산 | fed_h10 or the World Bank’s indicators; turned into won at the won rate of the same publication and year';

CREATE TABLE core.market_metric (
  metric_id text PRIMARY KEY,
  item_id text NOT NULL REFERENCES core.item (item_id),
  unit text NOT NULL CHECK (unit <> ''),
  kind text NOT NULL CHECK (kind IN ('level', 'share', 'growth')),
  name_ko text NOT NULL CHECK (name_ko <> ''),
  name_en text NOT NULL CHECK (name_en <> ''),
  definition_ko text NOT NULL CHECK (definition_ko <> ''),
  definition_en text NOT NULL CHECK (definition_en <> '')
);
COMMENT ON TABLE core.market_metric IS '시장 지표와 정의 | What is known of markets, and what it means';

CREATE TABLE core.market_figure (
  figure_id text PRIMARY KEY,
  metric_id text NOT NULL REFERENCES core.market_metric (metric_id),
  destination_id text NOT NULL REFERENCES core.destination (destination_id),
  period text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  frequency text NOT NULL CHECK (frequency = 'year'),
  value double NOT NULL CHECK (isfinite(value)),
  bound text NOT NULL CHECK (bound IN ('exact', 'approximate', 'provisional')),
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  source_id text NOT NULL REFERENCES core.source (source_id),
  note_ko text NOT NULL,
  note_en text NOT NULL,
  UNIQUE (metric_id, destination_id, period_start)
);
COMMENT ON TABLE core.market_figure IS '목적국의 사정과 품목별 수출(모든 경로). 전자상거래 통계와 섞지 않음 | Facts of destinations and exports of items by all channels; never mixed with the e-commerce series';

CREATE TABLE core.destination_rule (
  rule_id text NOT NULL,
  route text NOT NULL CHECK (route IN ('express', 'post', 'sea', 'platform', 'registered', 'personal', 'gift', 'other_origin', 'fee_eu', 'fee_national')),
  destination_id text NOT NULL REFERENCES core.destination (destination_id),
  goods text NOT NULL CHECK (goods IN ('ALL', 'cosmetics', 'fashion')),
  channel_ko text NOT NULL CHECK (channel_ko <> ''),
  channel_en text NOT NULL CHECK (channel_en <> ''),
  currency text NOT NULL CHECK (regexp_full_match(currency, '[A-Z]{3}')),
  duty_relief text NOT NULL CHECK (duty_relief IN ('up_to', 'none', 'all', 'unknown')),
  duty_free_up_to double CHECK (duty_free_up_to > 0),
  tax_relief text NOT NULL CHECK (tax_relief IN ('up_to', 'none', 'all', 'unknown')),
  tax_free_up_to double CHECK (tax_free_up_to > 0),
  basis_ko text NOT NULL,
  basis_en text NOT NULL,
  valid_from text NOT NULL,
  valid_from_day date,
  valid_to text NOT NULL,
  valid_to_day date,
  status text NOT NULL CHECK (status IN ('in_force', 'ended', 'announced', 'planned', 'draft', 'unknown_rate', 'disputed', 'end_unconfirmed')),
  status_note_ko text NOT NULL,
  status_note_en text NOT NULL,
  rate_ko text NOT NULL,
  rate_en text NOT NULL,
  note_ko text NOT NULL,
  note_en text NOT NULL,
  quality text NOT NULL CHECK (quality IN ('official', 'press quoting official', 'secondary')),
  source_id text NOT NULL REFERENCES core.source (source_id),
  PRIMARY KEY (rule_id, route),
  CHECK ((duty_relief = 'up_to') = (duty_free_up_to IS NOT NULL)),
  CHECK ((tax_relief = 'up_to') = (tax_free_up_to IS NOT NULL)),
  CHECK (valid_from_day <= valid_to_day)
);
COMMENT ON TABLE core.destination_rule IS '목적국의 수입 면세 한도, 규정과 반입 경로마다 한 행. 법률 자문이 아님 | Import thresholds of destinations, one row a rule and route; no legal advice';
COMMENT ON COLUMN core.destination_rule.route IS '반입 경로: express 특송, post 우편, sea 해상, platform 플랫폼 제도, registered 등록 판매자, personal 개인 사용, gift 선물, other_origin 제3국 발송, fee_* 수수료 | How goods come in: express, post, sea, a platform scheme, a registered seller, personal use, gifts, from another origin, or a fee';
COMMENT ON COLUMN core.destination_rule.goods IS 'ALL은 따로 정한 규정이 없는 모든 물품. fashion은 가방·섬유·신발 | ALL: all goods without a rule of their own; fashion: bags, textiles, footwear';
COMMENT ON COLUMN core.destination_rule.duty_relief IS 'up_to 한도까지 면세, none 면세 없음, all 금액과 관계없이 없음, unknown 모름 | Free up to an amount, none free, no duty at any value, or unknown';
COMMENT ON COLUMN core.destination_rule.duty_free_up_to IS '관세 면제 한도(currency 단위) | Free of duty up to this amount of the currency';
COMMENT ON COLUMN core.destination_rule.tax_relief IS '부가가치세 등: 관세와 같은 부호 | VAT, GST and the like; codes as for duty';
COMMENT ON COLUMN core.destination_rule.tax_free_up_to IS '부가가치세 등 면제 한도(currency 단위) | Free of tax up to this amount of the currency';
COMMENT ON COLUMN core.destination_rule.valid_from IS '시행(아는 만큼), 모르면 빈칸 | In force from, as far as known; empty where unknown';
COMMENT ON COLUMN core.destination_rule.valid_to IS '마지막 날(아는 만큼), 끝이 없으면 빈칸 | Last day, as far as known; empty where there is none';
COMMENT ON COLUMN core.destination_rule.valid_to_day IS '마지막 날. 달까지만 알면 그 전날로 봄 | Last day; where only the month is known, the eve of it';
COMMENT ON COLUMN core.destination_rule.status IS '시행, 종료, 발표, 예정, 초안, 세율 미확인, 출처 불일치, 종료 미확인 | In force, ended, announced, planned, draft, rate unknown, disputed, or its end unconfirmed';

CREATE TABLE core.assumption (
  assumption_id text NOT NULL,
  "set" text NOT NULL CHECK ("set" IN ('default', 'reference', 'market')),
  parameter text NOT NULL,
  statement_ko text NOT NULL CHECK (statement_ko <> ''),
  statement_en text NOT NULL CHECK (statement_en <> ''),
  distribution text NOT NULL,
  p1 double,
  p2 double,
  p3 double,
  low double,
  high double,
  unit text NOT NULL,
  unit_ko text NOT NULL,
  source_id text REFERENCES core.source (source_id),
  judgement boolean NOT NULL,
  alternatives_ko text NOT NULL,
  alternatives_en text NOT NULL,
  PRIMARY KEY (assumption_id, "set"),
  CHECK (judgement OR source_id IS NOT NULL),
  CHECK (low IS NULL OR high IS NULL OR low <= high)
);
COMMENT ON TABLE core.assumption IS '우리의 판단: 진술, 분포, 범위, 출처, 대안 | Every judgement of ours: statement, distribution, range, source, alternatives';
COMMENT ON COLUMN core.assumption.judgement IS '출처 없는 우리의 판단이면 참 | True where it is our judgement';
COMMENT ON COLUMN core.assumption.low IS '사용자가 고를 수 있는 아래 끝 | Lower end of what a user may choose';
COMMENT ON COLUMN core.assumption.high IS '사용자가 고를 수 있는 위 끝 | Upper end of what a user may choose';

CREATE TABLE core.former_assumption (
  digest text NOT NULL CHECK (regexp_full_match(digest, '[0-9a-f]{8}')),
  "set" text NOT NULL,
  place bigint NOT NULL,
  parameter text NOT NULL,
  distribution text NOT NULL,
  p1 double,
  p2 double,
  p3 double,
  low double,
  high double,
  PRIMARY KEY (digest, parameter)
);
COMMENT ON TABLE core.former_assumption IS '링크가 적어 둔 가정 묶음: 지금 것과 예전 것의 값 | Sets of assumptions that links name: values of today''s and of former ones';
COMMENT ON COLUMN core.former_assumption.digest IS '묶음의 값과 순서에서 계산한 식별값 | Name of the set, from its values and their order';
COMMENT ON COLUMN core.former_assumption.place IS '묶음 안의 순서(추출이 순서에 따라 달라짐) | Place in the set: draws depend on the order';

CREATE TABLE core.term (
  term_id text PRIMARY KEY CHECK (regexp_full_match(term_id, '[a-z0-9-]+')),
  term_ko text NOT NULL UNIQUE CHECK (term_ko <> ''),
  term_en text NOT NULL UNIQUE CHECK (term_en <> ''),
  also_ko text NOT NULL,
  also_en text NOT NULL,
  definition_ko text NOT NULL CHECK (definition_ko <> ''),
  definition_en text NOT NULL CHECK (definition_en <> ''),
  law_ko text NOT NULL,
  law_en text NOT NULL,
  source_id text REFERENCES core.source (source_id),
  CHECK ((law_ko = '') = (law_en = ''))
);
COMMENT ON TABLE core.term IS '용어집: 두 언어의 용어와 정의 | The glossary: terms and definitions in both languages';
COMMENT ON COLUMN core.term.term_id IS '용어의 고유 이름(주소의 닻) | Name of the term, the anchor in its address';
COMMENT ON COLUMN core.term.also_ko IS '같은 뜻으로 쓰는 다른 말(|로 구분, 한국어) | Other words for it, separated by |, Korean';
COMMENT ON COLUMN core.term.also_en IS '같은 뜻으로 쓰는 다른 말(|로 구분, 영어) | Other words for it, separated by |, English';
COMMENT ON COLUMN core.term.definition_ko IS '정의(한국어) | Definition, Korean';
COMMENT ON COLUMN core.term.definition_en IS '정의(영어) | Definition, English';
COMMENT ON COLUMN core.term.law_ko IS '근거 조문(한국어), 없으면 빈칸 | Article of law, Korean, empty where there is none';
COMMENT ON COLUMN core.term.law_en IS '근거 조문(영어), 없으면 빈칸 | Article of law, English, empty where there is none';
COMMENT ON COLUMN core.term.source_id IS '정의의 근거가 된 출처, 우리의 설명이면 빈값 | Source of the definition; NULL where the words are ours';

CREATE TABLE core.watch (
  kind text NOT NULL CHECK (kind IN ('hs', 'destination')),
  code text NOT NULL CHECK (regexp_full_match(code, CASE kind WHEN 'hs' THEN '\d{2}(\d{2}){0,2}(\d{4})?' ELSE '[A-Z]{2}' END)),
  name_ko text NOT NULL CHECK (name_ko <> ''),
  name_en text NOT NULL CHECK (name_en <> ''),
  item_id text NOT NULL,
  PRIMARY KEY (kind, code)
);
COMMENT ON TABLE core.watch IS '월별 무역에서 받아 오는 품목과 목적국 | Goods and destinations that a refresh asks for';
COMMENT ON COLUMN core.watch.code IS 'HS 부호 또는 ISO 3166 두 글자 부호 | HS code, or ISO 3166 alpha-2 code';
COMMENT ON COLUMN core.watch.item_id IS '이 품목이 드는 통계 품목, 목적국은 빈칸 | Item of the statistics that these goods belong to; empty for destinations';

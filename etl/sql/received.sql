-- What the publishers' interfaces answered, as typed rows. One row of core.slice a month (quarter, year) of a query and vintage;
-- the rows of a slice are replaced as a whole, and older vintages stay. Units in names; money as the publisher defines it.

CREATE TABLE core.slice (
  dataset text NOT NULL,
  query text NOT NULL,
  period text NOT NULL,
  vintage integer NOT NULL CHECK (vintage >= 1),
  row_count integer NOT NULL CHECK (row_count >= 0),
  digest text NOT NULL,
  known_from timestamp NOT NULL,
  PRIMARY KEY (dataset, query, period, vintage)
);
COMMENT ON TABLE core.slice IS '수신 자료의 조각: 한 요청의 한 기간, 판마다 한 행. 행이 없는 조각은 발표되었으나 실적이 없음 | One period of one query, a row a vintage; a slice without rows was published and is empty';
COMMENT ON COLUMN core.slice.query IS '요청 내용(기간 제외) | What was asked for, apart from the time';
COMMENT ON COLUMN core.slice.vintage IS '내용이 달라질 때마다 1씩 늘어나는 판 번호 | Number of the vintage: one more whenever the content changed';
COMMENT ON COLUMN core.slice.digest IS '조각 내용의 해시 | Hash of the rows of the slice';
COMMENT ON COLUMN core.slice.known_from IS '이 판을 받은 때(UTC), 자료 버전에는 들어가지 않음 | When this vintage arrived (UTC); no part of the data version';

CREATE TABLE core.trade_month (
  query text NOT NULL, month text NOT NULL, vintage integer NOT NULL,
  hs_code text NOT NULL CHECK (regexp_full_match(hs_code, '\d{2,10}')),
  hs_level integer NOT NULL CHECK (hs_level = length(hs_code)),
  country text NOT NULL,
  exports_usd bigint NOT NULL, exports_kg bigint NOT NULL,
  imports_usd bigint NOT NULL, imports_kg bigint NOT NULL
);
COMMENT ON TABLE core.trade_month IS '관세청 품목별·국가별 수출입실적(월): 전체 무역이며 전자상거래만이 아님 | Customs Service: all trade by item and country, monthly; not e-commerce alone';
COMMENT ON COLUMN core.trade_month.country IS '관세청 국가부호(ISO와 대부분 같음) | The Customs Service’s country code, mostly ISO';
COMMENT ON COLUMN core.trade_month.hs_level IS '품목부호 자릿수. 자릿수가 다른 행은 더하지 않음 | Digits of the code; rows of different levels are never added up';

CREATE TABLE core.trade_by_country (
  query text NOT NULL, month text NOT NULL, vintage integer NOT NULL,
  country text NOT NULL,
  exports_usd bigint NOT NULL, exports_cases bigint NOT NULL,
  imports_usd bigint NOT NULL, imports_cases bigint NOT NULL
);
COMMENT ON TABLE core.trade_by_country IS '관세청 국가별 수출입실적(월) | Customs Service: all trade by country, monthly';

CREATE TABLE core.trade_total (
  query text NOT NULL, month text NOT NULL, vintage integer NOT NULL,
  exports_usd bigint NOT NULL, exports_cases bigint NOT NULL,
  imports_usd bigint NOT NULL, imports_cases bigint NOT NULL
);
COMMENT ON TABLE core.trade_total IS '관세청 수출입총괄(월) | Customs Service: all trade, monthly';

CREATE TABLE core.customs_rate (
  query text NOT NULL, week text NOT NULL, vintage integer NOT NULL,
  currency text NOT NULL, krw_per_unit double NOT NULL CHECK (krw_per_unit > 0),
  kind text NOT NULL CHECK (kind IN ('export', 'import'))
);
COMMENT ON TABLE core.customs_rate IS '관세환율(주간, 한 단위당 원): 과세용이며 시장환율이 아님 | Customs rate, weekly, won per unit: for customs values, no market rate';

CREATE TABLE core.online_trade (
  query text NOT NULL, quarter text NOT NULL, vintage integer NOT NULL,
  table_id text NOT NULL, region text NOT NULL, product text NOT NULL, sales_type text NOT NULL,
  value_krw double NOT NULL, provisional boolean NOT NULL
);
COMMENT ON TABLE core.online_trade IS '통계청 온라인쇼핑 해외직접판매액·구매액(분기, 원) | Statistics Korea: online overseas direct sales and purchases, quarterly, won';

CREATE TABLE core.comtrade (
  query text NOT NULL, period text NOT NULL, vintage integer NOT NULL,
  reporter text NOT NULL, partner text NOT NULL, hs_code text NOT NULL,
  flow text NOT NULL CHECK (flow IN ('X', 'M')),
  value_usd double NOT NULL, net_kg double
);
COMMENT ON TABLE core.comtrade IS '유엔 Comtrade 수출입(달러) | UN Comtrade: trade by item and partner, USD';

CREATE TABLE core.market_rate (
  query text NOT NULL, month text NOT NULL, vintage integer NOT NULL,
  currency text NOT NULL, krw_per_unit double NOT NULL CHECK (krw_per_unit > 0),
  basis text NOT NULL CHECK (basis IN ('bok_average', 'ecb_average')),
  days integer
);
COMMENT ON TABLE core.market_rate IS '월평균 환율(한 단위당 원) | Monthly average exchange rates, won per unit';
COMMENT ON COLUMN core.market_rate.days IS '평균에 든 날 수(한국은행 월평균은 빈값) | Days in the average; NULL for the Bank of Korea’s own monthly average';

CREATE TABLE core.indicator (
  query text NOT NULL, year text NOT NULL, vintage integer NOT NULL,
  country text NOT NULL, indicator text NOT NULL, value double NOT NULL
);
COMMENT ON TABLE core.indicator IS '세계은행 지표 | World Bank indicators';

CREATE TABLE core.ecommerce_month (
  query text NOT NULL, month text NOT NULL, vintage integer NOT NULL,
  exports_usd double, exports_cases double, imports_usd double, imports_cases double,
  all_exports_usd double, all_exports_cases double, all_imports_usd double, all_imports_cases double
);
COMMENT ON TABLE core.ecommerce_month IS '관세청 전자상거래 무역통계(TRASS 통합문서, 월): 사용자가 가져온 것 | Monthly e-commerce trade (TRASS workbook), imported by the user';

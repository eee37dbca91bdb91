"""Bodies of the Customs Service as recorded and documented, and how a test reads them."""

from dataclasses import replace

from etl.sources.customs import CUSTOMS_RATE, NATIONTRADE, NEWTRADE, NITEMTRADE
from etl.sources.source import Answer, Dataset, Request, Rows, Scope

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response><header><resultCode>00</resultCode><resultMsg>정상서비스.</resultMsg></header>'  # noqa: E501 (as it comes)


# As the service sent them.
NEWTRADE_BODY = (
    f"{HEAD}<body><items>"
    "<item><balPayments>4938519466</balPayments><expCnt>606149</expCnt><expDlr>36260420221</expDlr><impCnt>1189202</impCnt>"
    "<impDlr>31321900755</impDlr><year>2016.01</year></item>"
    "<item><balPayments>4938519466</balPayments><expCnt>606149</expCnt><expDlr>36260420221</expDlr><impCnt>1189202</impCnt>"
    "<impDlr>31321900755</impDlr><year>총계</year></item></items></body></response>"
).encode()


NATIONTRADE_BODY = (
    f"{HEAD}<body><items>"
    "<item><balPayments>2584954657</balPayments><expCnt>174200</expCnt><expDlr>9480539843</expDlr><impCnt>233365</impCnt>"
    "<impDlr>6895585186</impDlr><statCd>CN</statCd><statCdCntnKor1>중국</statCdCntnKor1><year>2016.01</year></item>"
    "<item><balPayments>1712643409</balPayments><expCnt>65901</expCnt><expDlr>5040734289</expDlr><impCnt>479142</impCnt>"
    "<impDlr>3328090880</impDlr><statCd>US</statCd><statCdCntnKor1>미국</statCdCntnKor1><year>2016.01</year></item>"
    "</items></body></response>"
).encode()


REFUSED_BODY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response><header><resultCode>99</resultCode>'
    "<resultMsg>시작과 종료의 조회기간은 1년이내 기간만 가능합니다.</resultMsg></header></response>"
).encode()


GATEWAY_BODY = (
    "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE_KEY_IS_NOT_REGISTERED_ERROR</errMsg>"
    "<returnAuthMsg>등록되지 않은 서비스키</returnAuthMsg><returnReasonCode>30</returnReasonCode>"
    "</cmmMsgHeader></OpenAPI_ServiceResponse>"
).encode()


# As documented, with invented figures.
NITEMTRADE_BODY = (
    f"{HEAD}<body><items>"
    "<item><balPayments>109000000</balPayments><expDlr>112000000</expDlr><expWgt>2600000</expWgt><hsCd>-</hsCd>"
    "<impDlr>3000000</impDlr><impWgt>70000</impWgt><statCd>-</statCd><statCdCntnKor1>-</statCdCntnKor1><statKor>-</statKor>"
    "<year>총계</year></item>"
    "<item><balPayments>98000000</balPayments><expDlr>100000000</expDlr><expWgt>2200000</expWgt><hsCd>3304991000</hsCd>"
    "<impDlr>2000000</impDlr><impWgt>50000</impWgt><statCd>US</statCd><statCdCntnKor1>미국</statCdCntnKor1>"
    "<statKor>기초화장용 제품류</statKor><year>2024.01</year></item>"
    "<item><balPayments>11000000</balPayments><expDlr>12000000</expDlr><expWgt>400000</expWgt><hsCd>3304999000</hsCd>"
    "<impDlr>1000000</impDlr><impWgt>20000</impWgt><statCd>US</statCd><statCdCntnKor1>미국</statCdCntnKor1>"
    "<statKor>기타</statKor><year>2024.01</year></item></items></body></response>"
).encode()


RATE_BODY = (
    f"{HEAD}<body><items>"
    "<item><aplyBgnDt>20260927</aplyBgnDt><cntySgn>US</cntySgn><currSgn>USD</currSgn><fxrt>1376.03</fxrt><imexTp>2</imexTp>"
    "<mtryUtNm>US Dollar</mtryUtNm></item>"
    "<item><aplyBgnDt>20260927</aplyBgnDt><cntySgn>JP</cntySgn><currSgn>JPY</currSgn><fxrt>8.7484</fxrt><imexTp>2</imexTp>"
    "<mtryUtNm>Japanese Yen</mtryUtNm></item></items></body></response>"
).encode()


SCOPE = Scope("2024-01", "2024-12", ("330499",), ("US",), "2026-11-23")


CASES = {
    "newtrade": (NEWTRADE, NEWTRADE_BODY, replace(SCOPE, since="2016-01", until="2016-01")),
    "nationtrade": (NATIONTRADE, NATIONTRADE_BODY, replace(SCOPE, since="2016-01", until="2016-01")),
    "nitemtrade": (NITEMTRADE, NITEMTRADE_BODY, SCOPE),
    "rate": (CUSTOMS_RATE, RATE_BODY, replace(SCOPE, since="2026-10", until="2026-10")),
}


def request(dataset: Dataset, scope: Scope) -> Request:
    """The first request of a plan; for the rates that of the second kind, as in the documented body."""
    return dataset.plan(scope)[dataset is CUSTOMS_RATE]


def read(case: str, body: bytes | None = None, status: int = 200) -> Rows:
    dataset, own, scope = CASES[case]
    return dataset.read(Answer(status, own if body is None else body), request(dataset, scope))

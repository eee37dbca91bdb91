"""All data sets of all publishers, control totals before what they control."""

from etl.sources import comtrade, customs, ecos, frankfurter, kosis, trass, world_bank
from etl.sources.source import Dataset

DATASETS: tuple[Dataset, ...] = (
    *customs.DATASETS,
    *trass.DATASETS,
    *kosis.DATASETS,
    *ecos.DATASETS,
    *frankfurter.DATASETS,
    *world_bank.DATASETS,
    *comtrade.DATASETS,
)

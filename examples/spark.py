"""Corrects a folder of JSON Lines with Spark: ``spark-submit examples/spark.py IN OUT``, on any master."""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from corrector.bulk.spark import correct


def main(source: str, target: str) -> None:
    spark = SparkSession.builder.appName("corrector").getOrCreate()
    fixed = correct(spark.read.json(source), "text")
    fixed.write.mode("overwrite").parquet(target)
    edits = spark.read.parquet(target).select(f.explode("edits").alias("e"))
    edits.groupBy("e.original", "e.replacement").count().orderBy(f.desc("count")).show(20)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

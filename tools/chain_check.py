#!/usr/bin/env python3
"""Checks an exported audit chain from docs/audit-format.md alone, with nothing of Duly: chain_check.py FILE [ROOT]."""
import base64
import hashlib
import json
import sys


def text_of(digest):
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def sha(domain, *parts):
    return hashlib.sha256(bytes([domain]) + b"".join(parts)).digest()


def tree_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha(1, tree_of(leaves[:half]), tree_of(leaves[half:]))


def check(path):
    """The roots in the file, the last one last. Ends with the line where it is wrong."""
    roots, heads, waiting, seal = [], set(), [], None
    whole = hashlib.sha256()
    last = {"book": None, "batch": 0, "root": "-"}
    tie, seals, records, ended = (0, "-"), 0, 0, False

    def close(line):
        if seal and (len(waiting) != int(seal[3]) or text_of(tree_of(waiting)) != seal[4]):
            raise SystemExit(f"line {line}: the records before it are not those of their seal")
        waiting.clear()

    with open(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            if ended or not raw.endswith(b"\n"):
                raise SystemExit(f"line {number}: beyond the end, or cut off")
            line = json.loads(raw)
            if raw != (json.dumps(line, separators=(",", ":")) + "\n").encode():
                raise SystemExit(f"line {number}: not as it is written")
            names = list(line)
            if names == ["record", "leaf"] and seal:
                leaf = sha(0, line["record"].encode())
                if text_of(leaf) != line["leaf"] or line["record"].split(" ")[0] != seal[0]:
                    raise SystemExit(f"line {number}: {line['record']}")
                waiting.append(leaf)
                records += 1
            elif names == ["seal", "root"]:
                close(number)
                seal = line["seal"].split(" ")
                if seal[0] != last["book"]:
                    last = {"book": seal[0], "batch": 0, "root": "-"}
                right = int(seal[1]) == last["batch"] + 1 and seal[5] == last["root"]
                if not right or text_of(sha(2, line["seal"].encode())) != line["root"]:
                    raise SystemExit(f"line {number}: seal {seal[1]}")
                last.update(batch=int(seal[1]), root=line["root"])
                heads.add(f"{seal[0]} {seal[1]} {line['root']}")
                roots.append(line["root"])
                seals += 1
            elif names == ["tie", "heads", "root"]:
                close(number)
                seal = None
                words = line["tie"].split(" ")
                reckoned = text_of(sha(3, line["tie"].encode(), b"\n", line["heads"].encode()))
                right = int(words[0]) == tie[0] + 1 and words[2] == tie[1] and reckoned == line["root"]
                if not right or not heads.issuperset(line["heads"].split(",")):
                    raise SystemExit(f"line {number}: tie {words[0]}")
                tie = (int(words[0]), line["root"])
                roots.append(line["root"])
            elif names == ["end", "sha256"]:
                close(number)
                if line["end"] != f"{seals} {records}" or line["sha256"] != text_of(whole.digest()):
                    raise SystemExit(f"line {number}: the end")
                ended = True
            elif number > 1 or line != {"duly-audit": 1}:
                raise SystemExit(f"line {number}: unknown")
            whole.update(raw)
    if not ended:
        raise SystemExit("it was cut off")
    return roots


if __name__ == "__main__":
    found = check(sys.argv[1])
    if len(sys.argv) > 2 and sys.argv[2] not in found:
        raise SystemExit(f"no seal has the root {sys.argv[2]}")
    print(found[-1] if found else "nothing is sealed")

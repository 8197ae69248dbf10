"""Recomputes a draw from its record and its list: python3 verify-draw.py RECORD LIST

Written from docs/draw-protocol.md with the standard library alone. It does NOT check the beacon's BLS signature, nor
disqualifications, nor inclusion proofs, which are for those who have no list. It exits with 1 at the first thing that is wrong.
"""
import bisect, hashlib, itertools, json, re, sys

def sha(data):
    return hashlib.sha256(data).digest()
def must(what, holds):
    print("ok   " if holds else "WRONG", what)
    holds or sys.exit(1)
def canonical(value):  # RFC 8785, for a record: ASCII keys, integers
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def merkle_root(level):  # RFC 9162 section 2.1.1: neighbours are paired, an odd last one goes up as it is
    while len(level) > 1:
        level = [sha(b"\1" + b"".join(level[i:i + 2])) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0] if level else sha(b"")

text, lines = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read().split(b"\n")
record = json.loads(text)
must("the record is canonical JSON", canonical(record) == text and record["protocol"] == "guerdon-draw/1")
must("its digest is right", sha(canonical({k: v for k, v in record.items() if k != "digest"})).hex() == record["digest"])
must("the list ends with a line feed", lines.pop() == b"")
must("its lines are well formed", all(re.fullmatch(rb"(0|[1-9][0-9]*) [1-9][0-9]* [0-9a-f]{32}", line) for line in lines))
first, tickets, who = zip(*((int(f), int(t), w.decode()) for f, t, w in map(bytes.split, lines))) if lines else ([], [], [])
must("its entrants are sorted, each once", all(a < b for a, b in zip(who, who[1:])))
must("it counts its tickets right", list(first) + [sum(tickets)] == [0, *itertools.accumulate(tickets)])
must("it has the entrants and tickets of the record", (len(who), sum(tickets)) == (record["entrants"], record["tickets"]))
root, seed, beacon = merkle_root([sha(b"\0" + line) for line in lines]).hex(), record["operator_seed"], record["beacon"]
must(f"the root is {root}", root == record["root"])
must("the operator's seed is the one committed to", sha(bytes.fromhex(seed)).hex() == record["commitment"])
random = sha(bytes.fromhex(beacon["signature"])).hex() if beacon else "none"
must(f"the beacon's randomness is {random}; its signature is not checked here", not beacon or random == beacon["randomness"])
draw_seed = sha(f"guerdon-draw/1\n{record['raffle']}\n{root}\n{seed}\n{random}\n".encode())
must(f"the draw's seed is {draw_seed.hex()}", draw_seed.hex() == record["draw_seed"])
prizes = [prize["id"] for prize in record["prizes"] for _ in range(prize["count"])] + [None] * record["alternates"]
words, gone, remaining, drawn = itertools.count(), [], sum(tickets), record["winners"] + record["reserves"]
must("as many were drawn as are due", len(drawn) == min(len(prizes), len(who)))
for place, (prize, found) in enumerate(zip(prizes, drawn), 1):
    ticket = remaining  # the top bits of the next word that are below what remains
    while ticket >= remaining:
        ticket = int.from_bytes(sha(draw_seed + next(words).to_bytes(8, "big"))[:8], "big") >> 64 - (remaining - 1).bit_length()
    for left_out in gone:
        ticket += tickets[left_out] if first[left_out] <= ticket else 0
    i = bisect.bisect_right(first, ticket) - 1
    said = [found.get(key) for key in ("place", "prize", "entrant", "first", "tickets", "ticket")] + [found["proof"]["index"]]
    must(f"place {place}, {prize or 'alternate'}: {who[i]}, ticket {ticket}", said == [place, prize, who[i], first[i], tickets[i], ticket, i])
    bisect.insort(gone, i)
    remaining -= tickets[i]

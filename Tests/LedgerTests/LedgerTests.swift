import Ledger
import Money
import Testing

@Suite("Ledger")
struct LedgerTests {
    let day = Day("2026-03-01")!

    func line(_ account: Account, _ minor: Int64, _ currency: Currency, home: Int64) -> EntryLine {
        EntryLine(account, amount: Money(minor: minor, currency), home: Money(minor: home, .eur), rate: .par(on: day))
    }

    @Test("an entry balances in every document currency and at home")
    func balances() {
        #expect(
            Entry.balances([line(.receivables, 11900, .eur, home: 11900), line(.revenue, -11900, .eur, home: -11900)]))
        #expect(
            !Entry.balances([line(.receivables, 11900, .usd, home: 10000), line(.revenue, -11900, .usd, home: -9999)]))
        #expect(!Entry.balances([line(.receivables, 100, .usd, home: 100), line(.revenue, -100, .gbp, home: -100)]))
        #expect(!Entry.balances([]))
    }

    @Test("an exchange difference has an amount at home only")
    func exchangeDifference() {
        #expect(
            Entry.balances([
                line(.unapplied, 100, .usd, home: 95), line(.receivables, -100, .usd, home: -90),
                line(.exchangeDifference, 0, .usd, home: -5),
            ]))
    }

    @Test("an entry that does not balance stops the process")
    func unbalanced() async {
        await #expect(processExitsWith: .failure) {
            let day = Day("2026-03-01")!
            _ = Entry(
                .sale, day: day,
                lines: [
                    EntryLine(
                        .revenue, amount: Money(minor: 1, .eur), home: Money(minor: 1, .eur), rate: .par(on: day))
                ])
        }
    }

    @Test("a reversal takes every line back")
    func reversal() {
        let entry = Entry(
            .sale, day: day, lines: [line(.receivables, 7, .eur, home: 7), line(.revenue, -7, .eur, home: -7)])
        let back = entry.reversed(as: RecordID(number: 9), on: day + 1)
        #expect(back.lines.map(\.amount.minor) == [-7, 7])
        #expect(back.reverses == RecordID(number: 9))
    }

    @Test(
        "converts once, half away from zero",
        arguments: [
            (100, 9_259_259_259, 93), (-100, 9_259_259_259, -93), (1, 5_000_000_000, 1), (-1, 5_000_000_000, -1),
        ] as [(Int64, Int64, Int64)])
    func conversion(minor: Int64, rate: Int64, home: Int64) {
        let rate = ExchangeRate(scaled: rate, day: day, source: "test")
        #expect(rate.converting(Money(minor: minor, .usd), to: .eur).minor == home)
    }

    @Test("converts between currencies of different decimals")
    func yen() {
        let rate = ExchangeRate(scaled: 62_111_801, day: day, source: "test")  // 0.0062111801 EUR for a yen
        #expect(rate.converting(Money(minor: 16_100, .jpy), to: .eur).minor == 10_000)
    }
}

@Suite("Ids")
struct IdentityTests {
    @Test("an id is thirteen characters and reads back", arguments: [0, 1, 31, 32, Int64.max, 1 << 40] as [Int64])
    func roundTrip(number: Int64) {
        let id = RecordID(number: number)
        #expect(id.description.count == 13)
        #expect(RecordID(id.description) == id)
        #expect(RecordID(id.description.lowercased()) == id)
    }
    @Test("what is no id is not read", arguments: ["", "ZZZZZZZZZZZZZ", "000000000000U", "00000000000000"])
    func none(text: String) { #expect(RecordID(text) == nil) }

    @Test("a piece's id is derived, stable and never too long")
    func pieces() throws {
        let run = try #require(CommandID(String(repeating: "r", count: 60)))
        #expect(run.piece("SO-1") == run.piece("SO-1"))
        #expect(run.piece("SO-0000001") != run.piece("SO-0000002"))
        #expect(run.piece("SO-0000001").text.count <= 64)
        #expect(CommandID("bill")?.piece("SO-1").text == "bill/SO-1")
        #expect(CommandID(String(repeating: "x", count: 65)) == nil)
        #expect(CommandID("") == nil)
    }

    @Test("the pieces of a run lie between two texts, however long its id", arguments: [1, 46, 47, 48, 63, 64])
    func rangeOfPieces(length: Int) {
        let run = CommandID(String(repeating: "é", count: length))!
        let (after, before) = run.pieces
        for key in ["1", "SO-0000001", String(repeating: "長", count: 80), "a\tb", "1/2"] {
            let bytes = Array(run.piece(key).text.utf8)
            #expect(bytes.count > 0 && run.piece(key).text.unicodeScalars.count <= 64)
            #expect(Array(after.utf8).lexicographicallyPrecedes(bytes), "\(key)")
            #expect(bytes.lexicographicallyPrecedes(Array(before.utf8)), "\(key)")
        }
        // Another run's pieces, and the run itself, lie elsewhere.
        let others = [String(repeating: "é", count: max(1, length - 1)) + "f", run.text]
        for other in others where other != run.text || length < 48 {
            let bytes = Array((other == run.text ? other : CommandID(other)!.piece("1").text).utf8)
            let isWithin =
                Array(after.utf8).lexicographicallyPrecedes(bytes)
                && bytes.lexicographicallyPrecedes(Array(before.utf8))
            #expect(!isWithin, "\(other)")
        }
        #expect(CommandID(String(repeating: "e\u{301}", count: 33)) == nil, "66 scalars, as both databases count")
    }
    @Test("canonical bytes tell neighbouring fields apart")
    func canonical() {
        var left = CanonicalBytes("x")
        left.append("ab")
        left.append("c")
        var right = CanonicalBytes("x")
        right.append("a")
        right.append("bc")
        #expect(left.bytes != right.bytes)
    }
}

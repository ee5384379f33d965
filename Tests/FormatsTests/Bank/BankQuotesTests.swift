import Testing

@testable import Formats

@Suite("Quotation marks of a bank's table")
struct BankQuotesTests {
    @Test("line by line they are open where the whole record says so", arguments: 1...300 as ClosedRange<UInt64>)
    func sameAsWhole(seed: UInt64) {
        var dice = seed &* 0x9E37_79B9_7F4A_7C15
        func roll(_ sides: UInt64) -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((dice >> 33) % sides)
        }
        let letters: [UInt8] = Array("\",;a\" ".utf8)
        var record: [UInt8] = []
        var quotes = BankCSVRecords.Quotes()
        for number in 0..<6 {
            let line = (0..<roll(9)).map { _ in letters[roll(UInt64(letters.count))] }
            if number > 0 { record.append(10) }
            record += line
            quotes.take(line, UInt8(ascii: ","))
            #expect(quotes.areOpen == (BankCSVRecords.cells(record, UInt8(ascii: ",")) == nil))
            // A record ends where no mark is open.
            if !quotes.areOpen {
                record = []
                quotes = BankCSVRecords.Quotes()
            }
        }
    }
}

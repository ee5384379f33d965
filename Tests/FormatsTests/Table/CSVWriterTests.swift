import Formats
import Foundation
import Money
import Testing

func overwrite(_ path: String, _ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
}

@Suite("Writing tables")
struct CSVWriterTests {
    @Test("quotes stand only where they are needed, cells are exact")
    func plain() throws {
        let sink = TextSink()
        var writer = CSVWriter(sink)
        try writer.row(["a", "b c", "d,e", "f\"g", "h\ni", "", "=1+1", " x", "-5.00"])
        try writer.row([""])
        #expect(sink.text == "a,b c,\"d,e\",\"f\"\"g\",\"h\ni\",,=1+1,\" x\",-5.00\n\"\"\n")
    }

    @Test("random tables come back as they were written, under every separator", arguments: 1...60)
    func roundTrip(seed: UInt64) throws {
        var dice = Dice(seed)
        let separator = TableSeparator.allCases[Int(seed) % 4]
        let pieces = [
            "a", "B", "7", "ü", "🚚", "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", " ", "'", "=", "{", "[",
            "<", "\\", "sep=;",
            "é", "\u{A0}", "PK", "0", ".", "\u{FEFF}",
        ]
        let width = Int.random(in: 1...7, using: &dice)
        let table = (0...Int.random(in: 1...40, using: &dice)).map { _ in
            (0..<width).map { _ in
                (0..<Int.random(in: 0...6, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }.joined()
            }
        }
        let headings = (0..<width).map { index in "h\(index)" + pieces.randomElement(using: &dice)! }
        let sink = TextSink()
        var writer = CSVWriter(sink, separator: separator)
        try writer.row(headings)
        for row in table { try writer.row(row) }
        // Found out again by itself where there is more than one column.
        let read = try cells(sink.bytes, separator: width == 1 ? separator : nil)
        // Rows of empty cells are blank, except the one-cell row, whose quotes say that it is meant.
        #expect(read == table.filter { width == 1 || !$0.allSatisfy(\.isEmpty) })
    }

    @Test(
        "a file that begins like something else is still read back",
        arguments: ["sep=,", "{x", "[", "PK\u{3}", "%PDF", "<?xml", "\u{FEFF}a"])
    func beginnings(first: String) throws {
        let sink = TextSink()
        var writer = CSVWriter(sink)
        try writer.row([first.replacing("\u{3}", with: ""), "b"])
        try writer.row(["1", "2"])
        #expect(try cells(sink.bytes) == [["1", "2"]])
    }

    @Test("a large table goes through a file descriptor in blocks")
    func descriptor() throws {
        let file = TemporaryFile("")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file.path))
        var writer = CSVWriter(TextSink(fileDescriptor: handle.fileDescriptor))
        try writer.row(["id", "text"])
        for index in 0..<50_000 { try writer.row(["\(index)", "some text"]) }
        try writer.sink.flush()
        try handle.close()
        let table = try file.open()
        #expect(table.byteCount == Int64(writer.sink.byteCount))
        #expect(try table.survey(fields: []).rowCount == 50_000)
    }

    @Test("what is held back is handed on whole and once, small and large", arguments: [1, 100_000])
    func heldBack(lines: Int) throws {
        let file = TemporaryFile("")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file.path))
        let sink = TextSink.heldBack()
        for number in 0..<lines {
            sink.put("\(number) some text\n")
            try sink.drain()
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)).isEmpty)
        try sink.release(to: handle.fileDescriptor)
        try handle.close()
        let written = try Data(contentsOf: URL(fileURLWithPath: file.path))
        #expect(written == Data((0..<lines).map { "\($0) some text\n" }.joined().utf8))
    }

    @Test("amounts and days are written as their texts are")
    func values() {
        let minors: [Int64] = [0, 1, -1, 9, 10, 99, -99, 100, 101, -1000, 123_456_789, .max, .min, .min + 1]
        for decimals in 0...4 {
            let sink = TextSink()
            for minor in minors {
                sink.put(minor, decimals: decimals)
                sink.put(" ")
            }
            #expect(sink.text == minors.map { FixedPoint.text($0, decimals: decimals) + " " }.joined())
        }
        let days = ["0001-01-01", "0999-12-31", "1970-01-01", "2024-02-29", "9999-12-31"]
        let sink = TextSink()
        for day in days { sink.put(Day(day)!) }
        #expect(sink.text == days.joined())
    }

    @Test("a descriptor that cannot be written is an outage")
    func failure() {
        var writer = CSVWriter(TextSink(fileDescriptor: -1))
        #expect(throws: TextWriteFailure.self) {
            try writer.row(["a"])
            try writer.sink.flush()
        }
    }
}

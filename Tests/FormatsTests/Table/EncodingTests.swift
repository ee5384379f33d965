import Formats
import Testing

@Suite("Encodings")
struct EncodingTests {
    private static let text = "name;city\nMüller & Söhne €;Zürich\nノースライト;🚚\n"

    private func utf16(_ text: String, littleEndian: Bool) -> [UInt8] {
        let units: [UInt16] = [0xFEFF] + Array(text.utf16)
        return units.flatMap {
            littleEndian ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)]
        }
    }
    private let rows = [["Müller & Söhne €", "Zürich"], ["ノースライト", "🚚"]]

    @Test("UTF-8 with and without mark and UTF-16 of both orders give the same rows")
    func unicode() throws {
        #expect(try cells(Array(Self.text.utf8)) == rows)
        #expect(try cells([0xEF, 0xBB, 0xBF] + Array(Self.text.utf8)) == rows)
        #expect(try cells(utf16(Self.text, littleEndian: true)) == rows)
        #expect(try cells(utf16(Self.text, littleEndian: false)) == rows)
    }

    @Test("a long UTF-16 file keeps pairs that fall on the seams of its pieces")
    func longUTF16() throws {
        var text = "a,b\n"
        for index in 0..<60_000 { text += "\(index),🚚x🚚\n" }
        let read = try cells(utf16(text, littleEndian: true))
        #expect(read.count == 60_000)
        #expect(read.allSatisfy { $0[1] == "🚚x🚚" })
    }

    @Test("bytes that are not UTF-8 are read as Windows-1252, with a warning that names the line")
    func windows() throws {
        let bytes = Array("id;name\n1;A\n2;M".utf8) + [0xFC] + Array("ller ".utf8) + [0x80] + Array("\n".utf8)
        let file = TemporaryFile(bytes)
        let table = try file.open()
        #expect(table.encoding == .windows1252)
        #expect(table.warnings.map(\.code) == ["table.read-as-windows-1252"])
        #expect(table.warnings[0].row == 3)
        #expect(try cells(bytes)[1] == ["2", "Müller €"])
    }

    @Test("a wrong byte late in a large file decides too")
    func late() throws {
        var bytes = Array("id;name\n".utf8)
        for index in 0..<200_000 { bytes += Array("\(index);abcdef\n".utf8) }
        bytes += Array("x;".utf8) + [0xE9, 0x0A]
        let table = try TemporaryFile(bytes).open()
        #expect(table.encoding == .windows1252)
        #expect(table.warnings[0].row == 200_002)
    }

    @Test("two encodings in one file are refused, not guessed")
    func mixed() {
        let bytes = Array("id;name\n1;Müller\n2;M".utf8) + [0xFC] + Array("ller\n".utf8)
        let found = problems { _ = try TemporaryFile(bytes).open() }
        #expect(found.map(\.code) == ["table.encoding"])
        #expect(found.first?.row == 3)
    }

    @Test(
        "malformed UTF-8 of every sort is noticed",
        arguments: [
            [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x81],
        ])
    func malformed(bad: [UInt8]) throws {
        let bytes = Array("\u{FEFF}a;b\n1;".utf8) + bad + [0x0A]
        #expect(problems { _ = try TemporaryFile(bytes).open() }.map(\.code) == ["table.encoding"])
    }

    @Test("zero bytes, half UTF-16 pairs and files of other kinds are refused")
    func binary() {
        func code(_ bytes: [UInt8]) -> [String] { problems { _ = try TemporaryFile(bytes).open() }.map(\.code) }
        #expect(code(Array("a,b\n1,".utf8) + [0] + Array("\n".utf8)) == ["table.binary"])
        #expect(code(Array("a,b\n1,2\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == ["table.binary"])
        #expect(code([0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8, 0x62, 0x00]) == ["table.encoding"])
        #expect(code([0xFF, 0xFE, 0x61, 0x00, 0x62]) == ["table.encoding"])
        #expect(code(Array("PK\u{3}\u{4}rest".utf8)) == ["table.workbook-damaged"])
        #expect(code(Array("%PDF-1.7\n".utf8)) == ["table.binary"])
        #expect(code(Array("<?xml version=\"1.0\"?><a/>".utf8)) == ["table.markup"])
    }
}

import Formats
import Money
import Testing

@Suite("JSON lines")
struct JSONLineTests {
    @Test("the keys of all lines are the headings, missing keys and null are empty cells")
    func keys() throws {
        let text = """
            {"a": 1, "b": "x"}
            {"b": "y", "c": null}

            {"c": true, "a": -0.50}
            """
        let table = try TemporaryFile(text).open()
        #expect(table.format == .jsonLines)
        #expect(table.headings == ["a", "b", "c"])
        #expect(try cells(text) == [["1", "x", ""], ["", "y", ""], ["-0.50", "", "true"]])
    }

    @Test("numbers keep their exact text, nested values stay text, escapes are undone")
    func values() throws {
        let text = #"{"n":12345678901234567.890,"l":[ {"a":"}"},2 ],"s":"a\"\\\/\n\u00fc\ud83d\ude9a","e":1.5E+3}"#
        #expect(try cells(text) == [["12345678901234567.890", #"[ {"a":"}"},2 ]"#, "a\"\\/\nü🚚", "1.5E+3"]])
        #expect(try cells(#"{"a\u0062":"1"}"# + "\n" + #"{"ab":"2"}"#) == [["1"], ["2"]])
    }

    @Test("numbers are decimals with a point, also with an exponent; texts are understood as in other files")
    func decimals() throws {
        let table = try TemporaryFile(
            """
            {"amount":1234.5,"q":1.25e2}
            {"amount":"1,234.50","q":12E-4}
            {"amount":1e3,"q":-5E-1}
            """
        ).open()
        let survey = try table.survey(fields: [FieldDeclaration("amount", .amount), FieldDeclaration("q", .quantity)])
        let rows = try table.rows(survey)
        var amounts: [String?] = []
        var quantities: [String?] = []
        while let row = try rows.next() {
            amounts.append(row.money(survey.field("amount"), .eur)?.decimal)
            quantities.append(row.quantity(survey.field("q"))?.decimal)
        }
        #expect(amounts == ["1234.50", "1234.50", "1000.00"])
        #expect(quantities == ["125", "0.0012", "-0.5"])
        #expect(rows.problems.isEmpty)
    }

    @Test(
        "a line that is not one object is refused by number and the others are read",
        arguments: [
            "[1]", "{", #"{"a":1"#, #"{"a":1}x"#, #"{"a":01}"#, #"{"a":tru}"#, #"{"a":'x'}"#, #"{"a":1,}"#, #"{a:1}"#,
            #"{"a":"x}"#, #"{"a":"\x"}"#, #"{"a":"\ud800"}"#, #"{"a":"\u12"}"#, #"{"a":1,"a":2}"#, #"{"a":1.}"#,
            #"{"a":-}"#, #"{"a":[1,}"#,
            "{\"a\":" + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}",
        ])
    func malformed(line: String) throws {
        let table = try TemporaryFile("{\"a\":1}\n\(line)\n{\"a\":3}\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("a")])
        let rows = try table.rows(survey)
        var good: [String?] = []
        while let row = try rows.next() {
            if !row.isRefused { good.append(row.text(survey.field("a"))) }
        }
        #expect(good == ["1", "3"])
        #expect(rows.problems.kept.map(\.code) == ["table.not-json"])
        #expect(rows.problems.kept.map(\.row) == [2])
    }

    @Test("one JSON array is refused with what to do instead")
    func array() {
        #expect(problems { _ = try TemporaryFile("[{\"a\":1}]").open() }.map(\.code) == ["table.json-array"])
    }

    @Test("what is written is read back, whatever it holds")
    func roundTrip() throws {
        let texts = ["", "a\"b", "\\", "tab\there", "line\nend\r", "ü 🚚 ノ", "/", "\u{2028}", "0.10"]
        let sink = TextSink()
        var writer = JSONWriter(sink)
        for text in texts {
            writer.beginObject()
            writer.member("k\"ey", text)
            writer.member("n", 7)
            writer.member("flag", false)
            writer.name("list")
            writer.beginArray()
            writer.string("x")
            writer.null()
            writer.beginObject()
            writer.endObject()
            writer.endArray()
            writer.endObject()
            try writer.endLine()
        }
        let read = try cells(sink.bytes)
        #expect(read.map { $0[0] } == texts)
        #expect(read.allSatisfy { $0[1...] == ["7", "false", #"["x",null,{}]"#] })
    }

    @Test("control characters are escaped as RFC 8259 writes them")
    func escapes() {
        let sink = TextSink()
        var writer = JSONWriter(sink)
        writer.string("\u{1}\u{8}\u{c}\u{1f}\n\"\\é")
        #expect(sink.text == #""\u0001\b\f\u001f\n\"\\é""#)
    }
}

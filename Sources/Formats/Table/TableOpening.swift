/// What is found out about a file when it is opened.
struct TableOpening {
    let encoding: TableEncoding
    let textStart: Int64
    let format: TableFormat
    let headings: [String]
    let headingRecord: Int
    let skipsDirective: Bool
    let workbook: Workbook?
    private(set) var warnings: [TableWarning] = []

    init(
        file: Int32, size: Int64, separator: TableSeparator?, encoding asked: TableEncoding?, sheet: String? = nil
    ) throws(TableProblems) {
        var warnings: [TableWarning] = []
        guard size > 0 else { throw Self.empty("It has no bytes.") }
        if try Self.isArchive(file, size) {
            self = try TableOpening(workbookIn: file, size, sheet)
            return
        }
        workbook = nil
        guard sheet == nil else {
            throw TableProblems(
                "table.no-sheets", value: sheet, why: "Only a workbook (XLSX) has sheets.", next: "Leave out --sheet.")
        }
        (encoding, textStart) = try Self.encoding(file, size, asked, &warnings)
        let sample = try Self.sample(TextSource(file: file, size: size, encoding: encoding, offset: textStart))
        defer { sample.deallocate() }
        let text = UnsafeBufferPointer(sample)
        guard let first = text.firstIndex(where: { ![32, 9, 10, 13].contains($0) }) else {
            throw Self.empty("It holds blanks only.")
        }
        let source = TextSource(file: file, size: size, encoding: encoding, offset: textStart)
        if separator == nil, text[first] == UInt8(ascii: "{") {
            format = .jsonLines
            headings = try Self.keys(source)
            headingRecord = 0
            skipsDirective = false
        } else if separator == nil, text[first] == UInt8(ascii: "[") {
            throw TableProblems(
                "table.json-array", why: "It is one JSON array.",
                next: "Write JSON lines: one object a line, without the brackets and commas around them.")
        } else {
            let directive = Self.directive(text)
            skipsDirective = directive != nil
            let used = separator ?? directive ?? SeparatorSniffer.separator(of: text)
            format = .separated(used)
            let records = DelimitedRecords(source, separator: used)
            if skipsDirective {
                _ = try records.next()
                records.buffer.record = 0
            }
            headings = try Self.headings(records)
            headingRecord = records.buffer.record
        }
        warnings += Self.headingWarnings(headings)
        self.warnings = warnings
    }

    /// `PK`: a workbook begins so, and every other archive.
    private static func isArchive(_ file: Int32, _ size: Int64) throws(TableProblems) -> Bool {
        let start = try sample(TextSource(file: file, size: min(size, 4), encoding: .utf8, offset: 0))
        defer { start.deallocate() }
        return start.elementsEqual("PK\u{3}\u{4}".utf8)
    }

    private init(workbookIn file: Int32, _ size: Int64, _ sheet: String?) throws(TableProblems) {
        let workbook = try Workbook(file: file, size: size, sheet: sheet)
        let records = try SheetRecords(file: file, size: size, workbook: workbook)
        headings = try Self.headings(records)
        headingRecord = records.buffer.record
        (encoding, textStart, format, skipsDirective) = (.utf8, 0, .workbook, false)
        self.workbook = workbook
        warnings = Self.headingWarnings(headings)
        guard sheet == nil, !workbook.others.isEmpty else { return }
        warnings.append(
            TableWarning(
                code: "table.sheets-left-out",
                text:
                    "The sheet \(TableProblem.cut(workbook.sheet)) was read; left out: \(ColumnMap.list(workbook.others)). "
                    + "Say --sheet to read another."))
    }

    private static func empty(_ why: String) -> TableProblems {
        TableProblems("table.empty", why: why, next: "Check that the right file was exported.")
    }

    /// `sep=;` on the first line, as spreadsheets write and read it.
    private static func directive(_ text: UnsafeBufferPointer<UInt8>) -> TableSeparator? {
        guard text.count >= 6, text[..<4].elementsEqual("sep=".utf8), text[5] == 10 || text[5] == 13 else { return nil }
        return TableSeparator.allCases.first { $0.byte == text[4] }
    }

    private static func sample(_ source: TextSource) throws(TableProblems) -> UnsafeMutableBufferPointer<UInt8> {
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: TableFile.sampleSize)
        do {
            let count = try source.fill(buffer, capacity: TableFile.sampleSize)
            return UnsafeMutableBufferPointer(start: buffer, count: count)
        } catch {
            buffer.deallocate()
            throw error
        }
    }

    /// Looks at every byte once: what a file is must not depend on its first page.
    private static func encoding(
        _ file: Int32, _ size: Int64, _ asked: TableEncoding?, _ warnings: inout [TableWarning]
    ) throws(TableProblems) -> (TableEncoding, Int64) {
        let capacity = 1 << 20
        let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        defer { piece.deallocate() }
        let source = TextSource(file: file, size: size, encoding: .utf8, offset: 0)
        var scan = EncodingScan()
        var mark: Int64 = 0
        var first = true
        while true {
            let count = try source.fill(piece, capacity: capacity)
            if count == 0 { break }
            let bytes = UnsafeBufferPointer(start: piece, count: count)
            if first {
                first = false
                if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
                if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
                if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { mark = 3 }
                try refuseOtherFiles(bytes)
            }
            scan.feed(bytes)
            if let line = scan.nulLine { throw .binary(line: line) }
            if asked == .windows1252 { continue }
        }
        scan.end()
        if let asked { return (asked, mark) }
        guard let invalid = scan.invalidLine else { return (.utf8, mark) }
        if mark > 0 || scan.hasMultibyte {
            throw TableProblems(
                "table.encoding", row: invalid,
                why: "Line \(invalid) is not UTF-8, although other parts of the file are: it mixes two encodings.",
                next: "Save it again as UTF-8 and look at the names with accents.")
        }
        if let undefined = scan.undefinedLine {
            throw TableProblems(
                "table.encoding", row: undefined, why: "Line \(undefined) is neither UTF-8 nor Windows-1252.",
                next: "Save it again as UTF-8.")
        }
        warnings.append(
            TableWarning(
                code: "table.read-as-windows-1252", row: invalid,
                text: "The file is not UTF-8 (first in line \(invalid)); it was read as Windows-1252. "
                    + "Check the names with accents."))
        return (.windows1252, 0)
    }

    private static func refuseOtherFiles(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableProblems) {
        let kinds: [(start: [UInt8], name: String)] = [
            (Array("%PDF".utf8), "a PDF"), ([0x1F, 0x8B], "a compressed file"),
        ]
        for kind in kinds where bytes.starts(with: kind.start) {
            throw TableProblems(
                "table.binary", why: "It is \(kind.name), not text.", next: "Save it as CSV in UTF-8 and import that.")
        }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { throw .compoundFile(bytes) }
        var text = bytes[...]
        while let byte = text.first, [0xEF, 0xBB, 0xBF, 32, 9, 10, 13].contains(byte) { text = text.dropFirst() }
        if text.starts(with: "<?xml".utf8) || text.starts(with: "<!DOCTYPE".utf8) || text.starts(with: "<html".utf8) {
            throw TableProblems(
                "table.markup", why: "It is XML or HTML, not a table.", next: "Export it as CSV and import that.")
        }
    }

    private static func keys(_ source: TextSource) throws(TableProblems) -> [String] {
        let records = JSONLineRecords(source, collects: true)
        while try records.next() {}
        return records.headings
    }

    private static func headings(_ records: some RecordSource) throws(TableProblems) -> [String] {
        let buffer = records.buffer
        repeat {
            guard try records.next() else { throw empty("It holds no headings.") }
        } while buffer.isBlank
        guard buffer.width <= RecordBuffer.columnLimit else {
            throw TableProblems(
                "table.too-many-columns", row: buffer.record,
                why: "The headings are \(buffer.width) columns; at most \(RecordBuffer.columnLimit) are read.",
                next: "Check the separator, or leave out columns that are not needed.")
        }
        guard buffer.flags & (Cell.broken | Cell.fault) == 0 else {
            throw TableProblems(
                "table.headings-unreadable", row: buffer.record,
                why:
                    "A heading is longer than 64 KiB, holds a control character or an error, or goes on after its closing quotation mark.",
                next: "Correct the first line.")
        }
        return (0..<buffer.cellCount).map {
            ColumnMap.trim(Substring(String(decoding: buffer.cell($0), as: UTF8.self)))
        }
    }

    private static func headingWarnings(_ headings: [String]) -> [TableWarning] {
        var seen: [String: Int] = [:]
        var warnings: [TableWarning] = []
        for (index, heading) in headings.enumerated() where !heading.isEmpty {
            if let earlier = seen[heading] {
                warnings.append(
                    TableWarning(
                        code: "table.heading-twice", column: heading,
                        text: "Columns \(earlier + 1) and \(index + 1) are both called \(heading)."))
            } else {
                seen[heading] = index
            }
        }
        return warnings
    }
}

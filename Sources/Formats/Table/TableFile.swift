import CHost

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How a table's records are written.
public enum TableFormat: Hashable, Sendable {
    case separated(TableSeparator)
    case jsonLines
    /// XLSX (ISO/IEC 29500): one sheet of it.
    case workbook

    public var name: String {
        switch self {
        case .separated(let separator): "CSV (\(separator.name))"
        case .jsonLines: "JSON lines"
        case .workbook: "XLSX"
        }
    }
}

/// A file of rows and columns, opened, looked at and not yet understood.
/// It is read by position, in pieces: memory does not grow with the file, and a survey and several readings may go on at once.
public final class TableFile: Sendable {
    public let path: String
    public let format: TableFormat
    public let encoding: TableEncoding
    /// As the file writes them, without blanks around; of JSON lines all keys, in order of appearance.
    public let headings: [String]
    public let byteCount: Int64
    /// What was assumed on opening.
    public let warnings: [TableWarning]

    /// What was found in a workbook; nil for text.
    let workbook: Workbook?

    private let file: Int32
    /// When the file was last written, as of opening.
    private let written: FileMoment
    private let textStart: Int64
    /// Number of the record that holds the headings; 0 for JSON lines.
    let headingRecord: Int
    /// Records to pass over before the headings (`sep=;`).
    private let skipsDirective: Bool

    static let sampleSize = 1 << 16

    /// Opens a regular file and reads its headings.
    /// - Parameters:
    ///   - separator: nil finds it out.
    ///   - encoding: nil finds it out; for a file that is not what it seems.
    ///   - sheet: of a workbook, by name; nil takes the first that can be seen.
    public static func open(
        path: String, separator: TableSeparator? = nil, encoding: TableEncoding? = nil, sheet: String? = nil
    ) throws(TableProblems) -> TableFile {
        let file = Self.openForReading(path)
        guard file >= 0 else {
            throw TableProblems(
                "table.cannot-open", value: path, why: "It cannot be opened: \(String(cString: strerror(errno))).",
                next: "Check the path and the permissions.")
        }
        var facts = chost_file()
        guard chost_look(file, &facts), facts.is_regular else {
            _ = close(file)
            throw TableProblems(
                "table.cannot-open", value: path, why: "It is not a regular file.",
                next: "Name a file; what comes through a pipe is read twice and has to be saved first.")
        }
        // From here on the descriptor belongs to the file object, which closes it even when reading the headings fails.
        return try TableFile(path, file, FileMoment(facts), separator, encoding, sheet)
    }

    /// Without waiting for whoever may write into a pipe.
    private static func openForReading(_ path: String) -> Int32 {
        #if canImport(Glibc)
            return Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #elseif canImport(Musl)
            return Musl.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #else
            return Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        #endif
    }

    deinit { _ = close(file) }

    private init(
        _ path: String, _ file: Int32, _ written: FileMoment, _ separator: TableSeparator?, _ asked: TableEncoding?,
        _ sheet: String?
    ) throws(TableProblems) {
        do {
            let looked = try TableOpening(
                file: file, size: written.size, separator: separator, encoding: asked, sheet: sheet)
            workbook = looked.workbook
            self.path = path
            self.file = file
            self.written = written
            byteCount = written.size
            encoding = looked.encoding
            textStart = looked.textStart
            format = looked.format
            headings = looked.headings
            headingRecord = looked.headingRecord
            skipsDirective = looked.skipsDirective
            warnings = looked.warnings
        } catch {
            _ = close(file)
            throw error
        }
    }

    /// Several readings of a file are only worth something when nobody writes to it meanwhile.
    func checkUnchanged() throws(TableProblems) {
        var facts = chost_file()
        guard chost_look(file, &facts), FileMoment(facts) == written else {
            throw TableProblems(
                "table.changed-while-read", why: "The file was written to while it was read.",
                next: "Import a copy that nobody writes to.")
        }
    }

    /// The records after the headings.
    func records() throws(TableProblems) -> any RecordSource {
        try checkUnchanged()
        if let workbook {
            let records = try SheetRecords(file: file, size: byteCount, workbook: workbook, width: headings.count)
            while records.buffer.record < headingRecord {
                guard try records.next() else { break }
            }
            return records
        }
        let text = TextSource(file: file, size: byteCount, encoding: encoding, offset: textStart)
        switch format {
        case .jsonLines, .workbook: return JSONLineRecords(text, headings: headings)
        case .separated(let separator):
            let records = DelimitedRecords(text, separator: separator)
            if skipsDirective {
                _ = try records.next()
                records.buffer.record = 0
            }
            while records.buffer.record < headingRecord {
                guard try records.next() else { break }
            }
            return records
        }
    }
}

/// Size and time of the last writing of a file.
struct FileMoment: Equatable {
    let size: Int64
    private let seconds: Int64
    private let nanoseconds: Int64

    init(_ facts: chost_file) {
        size = facts.size
        (seconds, nanoseconds) = (facts.seconds, facts.nanoseconds)
    }
}

extension TableFile {
    /// The first records after the headings that hold something, as texts: for a person to see what a column holds.
    public func samples(_ most: Int) throws(TableProblems) -> [[String]] {
        let records = try records()
        var found: [[String]] = []
        while found.count < most, try records.next() {
            guard !records.buffer.isBlank else { continue }
            found.append(
                (0..<min(records.buffer.cellCount, headings.count)).map {
                    TableProblem.cut(String(decoding: records.buffer.cell($0), as: UTF8.self))
                })
        }
        return found
    }

    /// The sheet that is read, and the others that can be seen; none of a text.
    public var sheets: (read: String, others: [String])? { workbook.map { ($0.sheet, $0.others) } }
}

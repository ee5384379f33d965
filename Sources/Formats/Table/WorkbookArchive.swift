import CZip

/// The archive a workbook is.
final class WorkbookArchive {
    let handle: OpaquePointer

    init(file: Int32, size: Int64) throws(TableProblems) {
        guard let handle = czip_open(file, size) else { throw .workbook(.damaged) }
        self.handle = handle
    }
    deinit { czip_close(handle) }

    /// -1 where there is none.
    func find(_ name: String) -> Int64 { name.isEmpty ? -1 : czip_find(handle, name) }

    /// Refuses an entry that nobody can read without a password, or that says itself that it is too large.
    func check(_ index: Int64) throws(TableProblems) {
        var entry = czip_entry()
        guard czip_look(handle, index, &entry) else { throw .workbook(.damaged) }
        if entry.encrypted { throw .encryptedWorkbook }
        if entry.size > Workbook.mostSheet { throw .workbook(.tooLarge) }
    }

    private final class Walker {
        let start: (String, [String: String]) -> Void
        let end: (String) -> Void
        init(_ start: @escaping (String, [String: String]) -> Void, _ end: @escaping (String) -> Void) {
            self.start = start
            self.end = end
        }
    }

    /// Tells each element of an XML entry, by its local name and those of its attributes.
    func walk(
        _ path: String, most: Int64, _ start: (String, [String: String]) -> Void, end: (String) -> Void = { _ in }
    ) throws(TableProblems) {
        let index = find(path)
        guard index >= 0 else { throw .workbook(.damaged) }
        try check(index)
        let calls = czip_calls(
            start: { owner, name, attributes in
                guard let owner, let name else { return }
                var found: [String: String] = [:]
                var next = attributes
                while let key = next?.pointee, let value = next?[1] {
                    found[String(cString: key)] = String(cString: value)
                    next = next?.advanced(by: 2)
                }
                Unmanaged<Walker>.fromOpaque(owner).takeUnretainedValue().start(String(cString: name), found)
            },
            end: { owner, name in
                guard let owner, let name else { return }
                Unmanaged<Walker>.fromOpaque(owner).takeUnretainedValue().end(String(cString: name))
            })
        let status = withoutActuallyEscaping(start) { start in
            withoutActuallyEscaping(end) { end in
                let walker = Walker(start, end)
                return withExtendedLifetime(walker) {
                    czip_walk(handle, index, most, Unmanaged.passUnretained(walker).toOpaque(), calls)
                }
            }
        }
        guard Int(status) == CZIP_DONE else { throw .workbook(WorkbookFault(status)) }
    }
}

/// Why a workbook cannot be read on.
enum WorkbookFault {
    case damaged, malformed, declaration, tooLarge, bomb, disordered, rowTooLong

    init(_ status: Int32) {
        switch Int(status) {
        case CZIP_MALFORMED: self = .malformed
        case CZIP_DOCTYPE: self = .declaration
        case CZIP_TOO_LARGE: self = .tooLarge
        case CZIP_BOMB: self = .bomb
        case CZIP_ORDER: self = .disordered
        case CZIP_ROW_TOO_LONG: self = .rowTooLong
        default: self = .damaged
        }
    }
}

extension TableProblems {
    /// - Parameter row: the last that was read.
    static func workbook(_ fault: WorkbookFault, after row: Int? = nil) -> TableProblems {
        let again = "Open it in the program it comes from and save it again as XLSX, or as CSV."
        switch fault {
        case .damaged:
            return TableProblems(
                "table.workbook-damaged", row: row, why: "The workbook is cut off or damaged.",
                next: "Fetch or save it again.")
        case .malformed:
            return TableProblems(
                "table.workbook-damaged", row: row, why: "A part of the workbook is not well-formed XML.", next: again)
        case .declaration:
            return TableProblems(
                "table.workbook-damaged",
                why: "A part of the workbook declares a document type, as no spreadsheet does.",
                next: again)
        case .disordered:
            return TableProblems(
                "table.workbook-damaged", row: row, why: "The rows or cells of the sheet do not stand in their order.",
                next: again)
        case .tooLarge, .bomb:
            return TableProblems(
                "table.workbook-too-large", row: row,
                why: fault == .bomb
                    ? "It unpacks to more than two hundred times its size." : "It unpacks to more than is read.",
                next: "Save the sheet as CSV and import that, or divide it.")
        case .rowTooLong:
            return TableProblems(
                "table.record-too-long", row: row.map { $0 + 1 }, why: "It is longer than 1 MiB.",
                next: "Leave out columns that are not needed.")
        }
    }

    static let encryptedWorkbook = TableProblems(
        "table.encrypted", why: "The workbook is protected by a password.",
        next: "Open it, save it without the password, and import that.")

    /// An archive without the parts of a workbook.
    static func noWorkbook(_ archive: WorkbookArchive) -> TableProblems {
        let kinds: [(entry: String, name: String)] = [
            ("xl/workbook.bin", "a binary workbook (XLSB)"), ("content.xml", "an OpenDocument file"),
            ("word/document.xml", "a text document"), ("ppt/presentation.xml", "a presentation"),
            ("Index/Document.iwa", "a Numbers or Pages file"),
        ]
        let known = kinds.first { archive.find($0.entry) >= 0 }
        let kind = known.map(\.name) ?? "an archive without a workbook in it"
        return TableProblems(
            "table.binary", why: "It is \(kind).", next: "Save the table as XLSX or CSV and import that.")
    }

    /// A file of the format that spreadsheets and documents had until 2007, in which encrypted workbooks still come.
    static func compoundFile(_ bytes: UnsafeBufferPointer<UInt8>) -> TableProblems {
        let mark: [UInt8] = Array("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0".utf8)
        var from = 0
        while from + mark.count <= bytes.count {
            if bytes[from] == mark[0], bytes[from..<from + mark.count].elementsEqual(mark) { return encryptedWorkbook }
            // Names of a directory stand at even places.
            from += 2
        }
        return TableProblems(
            "table.binary", why: "It is an old spreadsheet (XLS) or document.",
            next: "Open it, save it as XLSX or as CSV in UTF-8, and import that.")
    }
}

import CZip

/// What a workbook says before its rows are read (ISO/IEC 29500-1): which sheet is meant, which styles are days, the shared strings.
struct Workbook: Sendable {
    /// The sheet that is read.
    let sheet: String
    /// Its entry in the archive.
    let entry: Int64
    /// The other sheets that can be seen.
    let others: [String]
    let styles: [SheetStyle]
    let calendar: SheetCalendar
    let strings: SharedStrings

    /// Bytes of XML a sheet may have, as it is unpacked.
    static let mostSheet: Int64 = 4 << 30
    /// Bytes the shared strings may have: they are the only part that is kept.
    static let mostStrings: Int64 = 128 << 20
    /// Bytes of every other part.
    private static let mostPart: Int64 = 32 << 20
    private static let mostEntries: Int64 = 20_000

    /// - Parameter asked: the name of a sheet; nil takes the first that can be seen.
    init(file: Int32, size: Int64, sheet asked: String?) throws(TableProblems) {
        let archive = try WorkbookArchive(file: file, size: size)
        guard czip_count(archive.handle) <= Self.mostEntries else { throw .workbook(.tooLarge) }
        let path = try Self.workbookPath(archive)
        var parts = WorkbookParts()
        try archive.walk(path, most: Self.mostPart) { parts.see($0, $1) }
        let relations = try Self.relations(of: path, archive)
        let sheets = parts.sheets.filter { relations[$0.relation]?.kind == "worksheet" }
        let chosen = try Self.choose(asked, of: sheets)
        let entry = archive.find(relations[chosen.relation]?.target ?? "")
        guard entry >= 0 else { throw .workbook(.damaged) }
        try archive.check(entry)
        self.sheet = chosen.name
        self.entry = entry
        others = sheets.filter { $0.isVisible && $0.name != chosen.name }.map(\.name)
        calendar = parts.is1904 ? .from1904 : .from1900
        styles = try Self.styles(relations.values.first { $0.kind == "styles" }?.target, archive)
        strings = try Self.strings(relations.values.first { $0.kind == "sharedStrings" }?.target, archive)
    }

    private static func choose(
        _ asked: String?, of sheets: [WorkbookParts.Sheet]
    ) throws(TableProblems) -> WorkbookParts.Sheet {
        let names = ColumnMap.list(sheets.map(\.name))
        guard let asked else {
            guard let first = sheets.first(where: \.isVisible) else {
                throw TableProblems(
                    "table.sheet-missing", why: "The workbook has no sheet that can be seen.",
                    next: sheets.isEmpty ? "Check that the right file was saved." : "Name one with --sheet: \(names).")
            }
            return first
        }
        let wanted = asked.lowercased()
        guard
            let found = sheets.first(where: { $0.name == asked })
                ?? sheets.first(where: { $0.name.lowercased() == wanted })
        else {
            throw TableProblems(
                "table.sheet-missing", value: asked, why: "The workbook has no such sheet. It has: \(names).",
                next: "Correct the name after --sheet.")
        }
        return found
    }

    private static func workbookPath(_ archive: WorkbookArchive) throws(TableProblems) -> String {
        var found = "xl/workbook.xml"
        if archive.find("_rels/.rels") >= 0 {
            try archive.walk("_rels/.rels", most: mostPart) { name, attributes in
                guard name == "Relationship", attributes["Type"]?.hasSuffix("/officeDocument") == true,
                    let target = attributes["Target"]
                else { return }
                found = target.hasPrefix("/") ? String(target.dropFirst()) : target
            }
        }
        guard archive.find(found) >= 0, found.hasSuffix(".xml"), !found.hasPrefix("word/"), !found.hasPrefix("ppt/")
        else { throw .noWorkbook(archive) }
        return found
    }

    private static func relations(
        of path: String, _ archive: WorkbookArchive
    ) throws(TableProblems) -> [String: (kind: String, target: String)] {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let folder = String(path[..<slash])
        var relations: [String: (kind: String, target: String)] = [:]
        try archive.walk("\(folder)_rels/\(path[slash...]).rels", most: mostPart) { name, attributes in
            guard name == "Relationship", attributes["TargetMode"] != "External", let id = attributes["Id"],
                let target = attributes["Target"], let type = attributes["Type"]
            else { return }
            let kind = String(type.split(separator: "/").last ?? "")
            relations[id] = (kind, Self.resolve(target, in: folder))
        }
        return relations
    }

    /// `/xl/a.xml`, `a.xml` and `../a.xml` as the name of an entry.
    private static func resolve(_ target: String, in folder: String) -> String {
        guard !target.hasPrefix("/") else { return String(target.dropFirst()) }
        var parts: [Substring] = []
        for part in (folder + target).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private static func styles(_ path: String?, _ archive: WorkbookArchive) throws(TableProblems) -> [SheetStyle] {
        guard let path, archive.find(path) >= 0 else { return [] }
        var found = WorkbookStyles()
        try archive.walk(path, most: mostPart) {
            found.see($0, $1)
        } end: {
            found.leave($0)
        }
        return found.styles
    }

    private static func strings(_ path: String?, _ archive: WorkbookArchive) throws(TableProblems) -> SharedStrings {
        guard let path else { return SharedStrings() }
        let entry = archive.find(path)
        guard entry >= 0 else { return SharedStrings() }
        try archive.check(entry)
        var strings = czip_strings()
        let status = czip_read_strings(archive.handle, entry, mostStrings, &strings)
        guard Int(status) == CZIP_DONE else { throw .workbook(WorkbookFault(status)) }
        defer { czip_free_strings(&strings) }
        return SharedStrings(strings)
    }
}

/// Texts that cells name by their number.
struct SharedStrings: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    init() {}
    init(_ strings: czip_strings) {
        ends = Array(UnsafeBufferPointer(start: strings.ends, count: Int(strings.count)))
        bytes = Array(UnsafeBufferPointer(start: strings.bytes, count: Int(ends.last ?? 0)))
    }

    /// nil where there is no such text.
    func with<T>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T? {
        guard ends.indices.contains(index) else { return nil }
        let from = index == 0 ? 0 : Int(ends[index - 1])
        let to = Int(ends[index])
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[from..<to])) }
    }
}

/// The sheets of xl/workbook.xml.
private struct WorkbookParts {
    struct Sheet {
        let name: String
        let relation: String
        let isVisible: Bool
    }
    private(set) var sheets: [Sheet] = []
    private(set) var is1904 = false

    mutating func see(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "workbookPr": is1904 = ["1", "true", "on"].contains(attributes["date1904"] ?? "")
        case "sheet":
            guard sheets.count < 10_000 else { return }
            sheets.append(
                Sheet(
                    name: attributes["name"] ?? "", relation: attributes["id"] ?? "",
                    isVisible: (attributes["state"] ?? "visible") == "visible"))
        default: break
        }
    }
}

/// The formats of xl/styles.xml, by the number that cells name.
private struct WorkbookStyles {
    private var custom: [Int: SheetStyle] = [:]
    private var isInside = false
    private(set) var styles: [SheetStyle] = []

    mutating func see(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "numFmt":
            // Formats of differences (dxf) have numbers of their own and come after those of cells.
            guard let id = attributes["numFmtId"].flatMap({ Int($0) }), styles.isEmpty else { return }
            custom[id] = SheetStyle(code: attributes["formatCode"] ?? "")
        case "cellXfs": isInside = true
        case "xf" where isInside && styles.count < 100_000:
            let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
            styles.append(custom[id] ?? SheetStyle(builtIn: id))
        default: break
        }
    }
    mutating func leave(_ name: String) {
        if name == "cellXfs" { isInside = false }
    }
}

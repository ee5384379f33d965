/// Which column of a file feeds which field. Everything that is wrong with it is said at once.
public struct ColumnMap: Sendable {
    public enum Source: Hashable, Sendable {
        /// Position of the column, from 0.
        case column(Int)
        /// The same in every row.
        case constant(String)
        case absent
    }
    /// One per declared field, in their order.
    public private(set) var sources: [Source]
    /// Positions of the columns that feed nothing.
    public private(set) var ignored: [Int] = []
    public private(set) var problems: [TableProblem] = []

    private let headings: [String]
    private let fields: [FieldDeclaration]
    private var decided: Set<Int> = []
    private var leftOut: Set<Int> = []
    private var used: Set<Int> = []

    /// - Parameters:
    ///   - headings: as the file writes them, in order.
    ///   - fields: what this kind of import understands.
    ///   - maps: `Their column=our field`, as in `TableOptions.maps`.
    ///   - constants: `field=value`, as in `TableOptions.constants`.
    public init(headings: [String], fields: [FieldDeclaration], maps: [String] = [], constants: [String] = []) {
        self.headings = headings
        self.fields = fields
        sources = Array(repeating: .absent, count: fields.count)
        for map in maps { apply(map: map) }
        for constant in constants { apply(constant: constant) }
        claimByName()
        claimBySynonym()
        for (index, field) in fields.enumerated()
        where field.required && sources[index] == .absent && !decided.contains(index) {
            problems.append(
                TableProblem(
                    code: "table.column-missing", field: field.name,
                    why: "No column is called \(field.name)\(Self.also(field)). The file has: \(Self.list(headings)).",
                    next:
                        "Name the column with --map 'Their column=\(field.name)', or give one value for all rows with "
                        + "--set '\(field.name)=…'."))
        }
        ignored = headings.indices.filter { !used.contains($0) }
    }

    private mutating func apply(map: String) {
        guard let equals = map.lastIndex(of: "=") else {
            problems.append(
                TableProblem(
                    code: "table.map-unreadable", value: map, why: "It has no equals sign.",
                    next: "Write --map 'Their column=our field'."))
            return
        }
        let theirs = Self.trim(map[..<equals])
        let ours = Self.trim(map[map.index(after: equals)...])
        guard let column = findColumn(theirs) else { return }
        if ours.isEmpty {
            leftOut.insert(column)
            return
        }
        guard let field = findField(ours, option: "--map") else { return }
        guard decided.insert(field).inserted else {
            problems.append(Self.twice(fields[field], "--map"))
            return
        }
        sources[field] = .column(column)
        used.insert(column)
        leftOut.insert(column)
    }

    private mutating func apply(constant: String) {
        guard let equals = constant.firstIndex(of: "=") else {
            problems.append(
                TableProblem(
                    code: "table.set-unreadable", value: constant, why: "It has no equals sign.",
                    next: "Write --set 'field=value'."))
            return
        }
        guard let field = findField(Self.trim(constant[..<equals]), option: "--set") else { return }
        guard decided.insert(field).inserted else {
            problems.append(Self.twice(fields[field], "--set"))
            return
        }
        sources[field] = .constant(Self.trim(constant[constant.index(after: equals)...]))
    }

    private mutating func findColumn(_ name: String) -> Int? {
        var found = headings.indices.filter { headings[$0] == name }
        if found.isEmpty, name.hasPrefix("#"), let number = Int(name.dropFirst()), headings.indices.contains(number - 1)
        {
            found = [number - 1]
        }
        if found.isEmpty {
            let keys = Set(HeadingKey.keys(name)).subtracting([""])
            found = headings.indices.filter { !keys.isDisjoint(with: HeadingKey.keys(headings[$0])) }
        }
        if found.count == 1 { return found[0] }
        problems.append(
            found.isEmpty
                ? TableProblem(
                    code: "table.mapped-column-missing", column: name,
                    why: "The file has no such column. It has: \(Self.list(headings)).",
                    next: "Correct the name before the equals sign of --map.")
                : TableProblem(
                    code: "table.mapped-column-twice", column: name,
                    why: "\(found.count) columns are called that: \(Self.list(found.map { "#\($0 + 1)" })).",
                    next: "Say which one by its position: --map '#\(found[0] + 1)=…'."))
        return nil
    }

    private mutating func findField(_ name: String, option: String) -> Int? {
        if let exact = fields.firstIndex(where: { $0.name == name }) { return exact }
        let keys = Set(HeadingKey.keys(name)).subtracting([""])
        if let loose = fields.firstIndex(where: { !keys.isDisjoint(with: HeadingKey.keys($0.name)) }) { return loose }
        problems.append(
            TableProblem(
                code: "table.field-unknown", field: name,
                why: "There is no such field here. There are: \(Self.list(fields.map(\.name))).",
                next: "Correct the field name of \(option)."))
        return nil
    }

    /// Columns called like the field itself.
    private mutating func claimByName() {
        var claims: [Int: [Int]] = [:]
        for column in headings.indices where !leftOut.contains(column) {
            let keys = Set(HeadingKey.keys(headings[column])).subtracting([""])
            for (index, field) in fields.enumerated() where !keys.isDisjoint(with: HeadingKey.keys(field.name)) {
                claims[index, default: []].append(column)
            }
        }
        settle(claims)
    }

    /// Columns called by a synonym, for fields that have no column yet.
    private mutating func claimBySynonym() {
        let open = fields.indices.filter { sources[$0] == .absent && !decided.contains($0) }
        let synonyms = open.map { index in (index, Set(fields[index].synonyms.flatMap(HeadingKey.keys))) }
        var claims: [Int: [Int]] = [:]
        for column in headings.indices where !leftOut.contains(column) && !used.contains(column) {
            let keys = Set(HeadingKey.keys(headings[column])).subtracting([""])
            let candidates = synonyms.filter { !keys.isDisjoint(with: $0.1) }.map(\.0)
            if candidates.count > 1 {
                used.insert(column)
                problems.append(
                    TableProblem(
                        code: "table.column-ambiguous", column: headings[column],
                        why: "It may be \(candidates.map { fields[$0].name }.joined(separator: " or ")).",
                        next: "Say which with --map '\(headings[column])=\(fields[candidates[0]].name)'."))
                decided.formUnion(candidates)
            } else if let field = candidates.first {
                claims[field, default: []].append(column)
            }
        }
        settle(claims)
    }

    private mutating func settle(_ claims: [Int: [Int]]) {
        for field in claims.keys.sorted() where !decided.contains(field) {
            let columns = claims[field]!
            used.formUnion(columns)
            if columns.count == 1 {
                sources[field] = .column(columns[0])
                continue
            }
            decided.insert(field)
            let same = Set(columns.map { headings[$0] }).count == 1
            let names = columns.map { same ? "#\($0 + 1)" : headings[$0] }
            problems.append(
                TableProblem(
                    code: "table.field-claimed-twice", column: headings[columns[0]], field: fields[field].name,
                    why: "Several columns mean \(fields[field].name): "
                        + Self.list(columns.map { "\(headings[$0]) (#\($0 + 1))" }) + ".",
                    next: "Say which one with --map '\(names[0])=\(fields[field].name)'."))
        }
    }

    /// Fields that --map or --set decided keep their own column out of the map; it is then named among the ignored.
    private static func twice(_ field: FieldDeclaration, _ option: String) -> TableProblem {
        TableProblem(
            code: "table.field-given-twice", field: field.name,
            why: "--map or --set names \(field.name) more than once.",
            next: "Keep one of them (\(option) was the later).")
    }
    private static func also(_ field: FieldDeclaration) -> String {
        field.synonyms.isEmpty ? "" : " (or \(list(field.synonyms, limit: 4)))"
    }
    static func list(_ names: [String], limit: Int = 20) -> String {
        let shown = names.prefix(limit).map { $0.isEmpty ? "(no heading)" : TableProblem.cut($0) }.joined(
            separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }
    static func trim(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

import Books
import Database
import Ledger
import Money

/// All that the books hold, every column of every table, in a form that is the same for two books with the same history.
///
/// An id, in a column of its own or inside a text, becomes a mark made from the rows it stands in, the marks of their other ids
/// included: so it says what it stands for, and not when it was minted. Instants become the word `instant`. Left out is what
/// chance or the number of goes decides: salts and what they salt, sealed texts, revisions, hashes of records (`verify` proves
/// those), and how often a letter was tried (the states of the letters are looked at apart).
enum BooksPicture {
    private static let leftOutTables: Set<String> = [
        "audit_records", "schema_migrations", "seal_chains", "seal_ties", "sealed_records", "seals", "unsealed_records",
    ]
    private static let leftOut: Set<String> = [
        "revision", "horizon", "salt", "sealed", "hash", "text_hash", "account_key", "commands.fingerprint",
        "outbox.state", "outbox.attempts", "outbox.answer", "outbox.message_id",
    ]

    /// By table, its rows, sorted. Under `~TABLE` stand the same rows with every id alike: where these differ already, the marks of
    /// all that hangs together differ too, and these alone tell what it is.
    static func take(of database: any Database) async throws -> [String: [String]] {
        var tables: [(name: String, rows: [Entry])] = []
        for (table, _) in Schema.classes where !leftOutTables.contains(table) {
            tables.append((table, try await rows(of: table, database)))
        }
        let marks = marks(of: tables.flatMap(\.rows))
        var picture: [String: [String]] = [:]
        for (table, rows) in tables {
            picture[table] = rows.map { $0.text(marks) }.sorted()
            picture["~" + table] = rows.map { $0.text([:]) }.sorted()
        }
        return picture
    }

    /// A row: for each column what is plain, or an id, or a text with ids in it.
    private struct Entry: Sendable {
        enum Part: Sendable {
            case plain(String)
            case id(Int64)
        }
        var parts: [Part]
        /// Of all that is plain, with the places of the ids.
        var plainHash: Int

        func hash(_ marks: [Int64: Int]) -> Int {
            var hasher = Hasher()
            hasher.combine(plainHash)
            for case .id(let id) in parts { hasher.combine(marks[id] ?? 0) }
            return hasher.finalize()
        }

        func text(_ marks: [Int64: Int]) -> String {
            parts.map { part in
                switch part {
                case .plain(let text): text
                case .id(let id): "#" + String(UInt(bitPattern: marks[id] ?? 0) % 60_466_176, radix: 36)
                }
            }.joined()
        }
    }

    /// Each round carries what an id stands for one row further; five reach from a line's text to the run that booked it.
    private static func marks(of rows: [Entry]) -> [Int64: Int] {
        var marks: [Int64: Int] = [:]
        for _ in 0..<5 {
            var next: [Int64: Int] = [:]
            for row in rows {
                let hash = row.hash(marks)
                for (place, part) in row.parts.enumerated() {
                    guard case .id(let id) = part else { continue }
                    var hasher = Hasher()
                    hasher.combine(hash)
                    hasher.combine(place)
                    next[id, default: 0] &+= hasher.finalize()
                }
            }
            marks = next
        }
        return marks
    }

    private static func rows(of table: String, _ database: any Database) async throws -> [Entry] {
        try await database.read { transaction in
            let columns = try transaction.query(
                transaction.engine == .sqlite
                    ? "SELECT name FROM pragma_table_info('\(table)') ORDER BY cid"
                    : """
                    SELECT column_name FROM information_schema.columns
                    WHERE table_schema = 'public' AND table_name = '\(table)' ORDER BY ordinal_position
                    """, []
            ).map { try $0.text(0) }
            let kept = columns.filter { !leftOut.contains($0) && !leftOut.contains("\(table).\($0)") }
            precondition(!kept.isEmpty)
            return try transaction.query("SELECT \(kept.joined(separator: ", ")) FROM \(table)", []).map { row in
                entry(row, kept, table, without: table == "commands" && row.values.contains(.text("letter.send")))
            }
        }
    }

    /// What a sending answers with is left out: a mail server says something else each time, and a go tells of its own letters.
    private static func entry(_ row: Row, _ columns: [String], _ table: String, without outcome: Bool) -> Entry {
        var parts: [Entry.Part] = []
        for (value, column) in zip(row.values, columns) where !(outcome && column == "outcome") {
            parts.append(.plain(" \(column)="))
            switch value {
            case .int(let number) where isID(number): parts.append(.id(number))
            case .int(let number): parts.append(.plain(String(number)))
            case .text(let text) where text.utf8.count == 27 && Instant(text) != nil: parts.append(.plain("instant"))
            case .text(let text): parts += split(text)
            default: parts.append(.plain("\(value)"))
            }
        }
        var hasher = Hasher()
        hasher.combine(table)
        for part in parts {
            if case .plain(let text) = part { hasher.combine(text) } else { hasher.combine(0) }
        }
        return Entry(parts: parts, plainHash: hasher.finalize())
    }

    /// Ids are minted from the milliseconds since 2020: far beyond every amount of these books, in minor units or scaled.
    private static func isID(_ number: Int64) -> Bool { number > 300_000_000_000_000_000 }

    /// A text cut where an id stands in it, as it is written on screen.
    private static func split(_ text: String) -> [Entry.Part] {
        guard text.utf8.count >= 13 else { return [.plain(text)] }
        var parts: [Entry.Part] = []
        var plain = Substring()
        for word in words(text) {
            if word.utf8.count == 13, let id = RecordID(word), isID(id.number), id.description == word {
                parts += [.plain(String(plain)), .id(id.number)]
                plain = ""
            } else {
                plain += word
            }
        }
        return parts + [.plain(String(plain))]
    }

    /// Runs of letters and digits, and what stands between them.
    private static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        var isWord = false
        var index = start
        while index < text.endIndex {
            let character = text[index]
            let belongs = character.isASCII && (character.isLetter || character.isNumber)
            if belongs != isWord, start < index {
                words.append(text[start..<index])
                start = index
            }
            isWord = belongs
            index = text.index(after: index)
        }
        if start < text.endIndex { words.append(text[start...]) }
        return words
    }
}

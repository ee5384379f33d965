import Books
import Crypto
import Database
import Foundation
import TestOffice
import TestSupport
import Testing

/// Books that the program made, on one engine, with a folder for files beside them. Nothing but the program writes in them.
struct ProgramBooks: Sendable {
    let engine: Engine
    let url: String
    let folder: URL
    let today: String

    /// Empty books; a seller comes with `seller`, else by an import.
    static func open(_ engine: Engine, today: String, seller: [String] = []) async throws -> ProgramBooks {
        let file = try TestDatabases.freshFile()
        let url = engine == .sqlite ? file : try await TestDatabases.freshServerDatabase()
        let books = ProgramBooks(
            engine: engine, url: url, folder: URL(fileURLWithPath: file).deletingLastPathComponent(), today: today)
        try books.duly(["init"] + seller)
        return books
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Runs the program over these books, whatever comes of it.
    func run(_ arguments: [String]) throws -> Program.Answer {
        try Program.run(arguments, today: today, books: url, keyFile: path("duly.key"))
    }

    /// Runs the program over these books; it must succeed.
    @discardableResult
    func duly(_ arguments: [String]) throws -> Program.Answer {
        let answer = try run(arguments)
        guard answer.status == 0 else { throw NotDone(arguments: arguments, answer: answer) }
        return answer
    }

    @discardableResult
    func duly(_ arguments: String...) throws -> Program.Answer { try duly(arguments) }

    func json(_ arguments: String...) throws -> [String: Any] { try duly(arguments + ["--json"]).json }

    struct NotDone: Error, CustomStringConvertible {
        let arguments: [String]
        let answer: Program.Answer
        var description: String {
            "duly \(arguments.joined(separator: " ")): status \(answer.status)\n\(answer.out.suffix(2000))\(answer.error.suffix(2000))"
        }
    }

    /// Every row of every table that a migration made, hashed table by table.
    func contents() async throws -> [String: String] {
        let database: any Database =
            engine == .sqlite
            ? try SQLiteDatabase(path: url, readers: 1) : PostgresDatabase(url: url, connections: 1)
        return try await database.read { transaction in
            var tables: [String: String] = [:]
            for (table, _) in Schema.classes {
                let rows = try transaction.query("SELECT * FROM \(table)", []).map { "\($0.values)" }.sorted()
                tables[table] = "\(rows.count) rows, \(Books.hash(rows.joined(separator: "\n")))"
            }
            return tables
        }
    }
}

/// A table of text as it stands in a CSV file: rows by heading.
enum Table {
    static func rows(_ file: URL) throws -> [[String: String]] {
        let lines = try records(String(contentsOf: file, encoding: .utf8))
        guard let headings = lines.first else { return [] }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(headings, $0)) }
    }

    /// RFC 4180; a second reader, so that the product's own does not check itself.
    private static func records(_ text: String) throws -> [[String]] {
        var (records, record, cell, quoted) = ([[String]](), [String](), "", false)
        var characters = Substring(text).unicodeScalars
        while let one = characters.popFirst() {
            switch one {
            case "\"" where quoted && characters.first == "\"":
                characters.removeFirst()
                cell.unicodeScalars.append(one)
            case "\"": quoted.toggle()
            case "," where !quoted:
                record.append(cell)
                cell = ""
            case "\n" where !quoted:
                records.append(record + [cell])
                (record, cell) = ([], "")
            case "\r" where !quoted: break
            default: cell.unicodeScalars.append(one)
            }
        }
        return cell.isEmpty && record.isEmpty ? records : records + [record + [cell]]
    }
}

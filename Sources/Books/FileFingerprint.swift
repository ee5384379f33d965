import CHost
import Crypto
import Database
import Foundation
import Ledger

extension Books {
    /// The hash of a file's bytes, read in pieces: what tells a repeat of a command about files from another command under the same
    /// id. nil where the file cannot be read; whoever reads it then says why.
    public static func hash(fileAt path: String) -> String? {
        var facts = chost_file()
        // A pipe is not read: its bytes would be gone.
        guard chost_look_at(path, &facts), facts.is_regular,
            let file = FileHandle(forReadingAtPath: path)
        else { return nil }
        defer { try? file.close() }
        var hasher = SHA256()
        while true {
            guard let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty else { break }
            hasher.update(data: piece)
        }
        return hash(hasher.finalize())
    }

    /// The first outcome of a command that belongs to no book of its own, such as an import for several sellers: of whichever book
    /// keeps it. The same id with other content is refused.
    public static func outcome(
        of command: CommandID, content: String, inAnyBook transaction: any Transaction
    ) throws -> Outcome? {
        let rows = try transaction.query(
            """
            SELECT c.kind, c.fingerprint, c.outcome, c.recorded
            FROM sellers s
            JOIN commands c ON c.book = s.book AND c.command = $1
            ORDER BY s.code LIMIT 1
            """, [.text(command.text)])
        guard let row = rows.first else { return nil }
        guard try row.text(1) == hash(content) else { throw BooksRefusal.otherContent(command) }
        return Outcome(kind: try row.text(0), json: try row.text(2), recorded: try row.text(3))
    }

    /// Refuses to go on with a run of which this piece was taken back: what was taken back would count as done.
    public static func refuseTakenBack(
        _ piece: CommandID, of run: CommandID, inAnyBook transaction: any Transaction
    ) throws {
        let rows = try transaction.query(
            "SELECT 1 FROM sellers s JOIN undoings u ON u.book = s.book AND u.command = $1 LIMIT 1",
            [.text(piece.text)])
        guard rows.isEmpty else { throw BooksRefusal.takenBack(run) }
    }
}

import Database
import Ledger

/// An exported chain beside the books that it was taken from: the books may have gone on, but what the file holds they hold.
public enum SealComparison {
    /// The seals of the file that the books do not have, and of those the records that were altered or are gone.
    public static func check(_ file: SealFile, at path: String, in transaction: any Transaction) throws -> VerifiedCheck
    {
        var bad: [VerifiedCheck.Culprit] = []
        var lost: Set<SealFile.Batch> = []
        for seal in file.seals {
            let found = try transaction.query(
                "SELECT root FROM seals WHERE book = $1 AND batch = $2", [.int(seal.book), .int(seal.batch)]
            ).first?.text(0)
            guard found != seal.root else { continue }
            lost.insert(seal)
            guard bad.count < 1_000 else { continue }
            bad.append(
                .init(book: seal.book, record: "seal \(seal.batch)", expected: seal.root, found: found ?? "missing"))
        }
        if !file.ties.isEmpty {
            let known = Set(
                try transaction.query("SELECT root FROM seal_ties WHERE book > 0 ORDER BY book, tie", []).map {
                    try $0.text(0)
                })
            for tie in file.ties where !known.contains(tie) && bad.count < 1_000 {
                bad.append(.init(book: file.seals.first?.book ?? 0, record: "a tie", expected: tie, found: "missing"))
            }
        }
        // What was altered shows in one batch and in all that follow: the records say where it began.
        bad += try records(of: lost, path, transaction)
        return VerifiedCheck(name: "file-and-books", bad: bad)
    }

    /// The records of these batches that the books do not hold as the file does.
    private static func records(
        of lost: Set<SealFile.Batch>, _ path: String, _ transaction: any Transaction
    ) throws -> [VerifiedCheck.Culprit] {
        guard !lost.isEmpty else { return [] }
        var bad: [VerifiedCheck.Culprit] = []
        var texts: [String] = []
        var open: SealFile.Batch?
        func settle() throws {
            if let open, bad.count < 1_000 { bad += try missing(texts, of: open.book, transaction) }
            texts.removeAll()
        }
        try SealFile.lines(of: path) { line in
            guard let read = SealFileLine(line) else { return }
            if read.names == ["seal", "root"] {
                try settle()
                let parts = read.texts[0].split(separator: " ")
                guard parts.count == 6, let book = RecordID(parts[0])?.number, let batch = Int64(parts[1]) else {
                    return open = nil
                }
                let seal = SealFile.Batch(book: book, batch: batch, root: read.texts[1])
                open = lost.contains(seal) ? seal : nil
            } else if read.names == ["record", "leaf"], open != nil {
                texts.append(read.texts[0])
            }
        }
        try settle()
        return bad
    }

    private static func missing(
        _ texts: [String], of book: Int64, _ transaction: any Transaction
    ) throws -> [VerifiedCheck.Culprit] {
        var places: [String: String] = [:]
        let audits = Set(
            texts.compactMap { text in text.split(separator: " ").dropFirst().first.flatMap { RecordID($0)?.number } })
        try transaction.pick(audits.sorted())
        try transaction.rows(
            """
            SELECT a.audit, a.recorded, a.hashes FROM picked CROSS JOIN audit_records a
            WHERE a.book = $1 AND a.audit = picked.key
            """, [.int(book)]
        ) { row in
            let audit = RecordID(number: try row.int(0))
            SealLeaves(
                book: RecordID(number: book), audit: audit, recorded: try row.text(1), hashes: try row.text(2)
            ).each { place, marked in
                places["\(audit) \(place)"] = String(decoding: marked.dropFirst(), as: UTF8.self)
            }
        }
        return texts.compactMap { text in
            let parts = text.split(separator: " ")
            guard parts.count == 7 else { return nil }
            let found = places["\(parts[1]) \(parts[3])"]
            guard found != text else { return nil }
            return .init(
                book: book, record: "\(parts[4]) \(parts[5]) at place \(parts[3]) of audit \(parts[1])",
                expected: String(parts[6]),
                found: found?.split(separator: " ").last.map(String.init) ?? "missing")
        }
    }
}

import Database
import Foundation
import Ledger
import Money

/// What was printed into a folder.
public struct PrintBatchOutcome: Codable, Sendable, Equatable {
    public struct Printed: Codable, Sendable, Equatable {
        public var message: String
        public var kind: String
        public var subject: String
        public var customer: String
        public var files: [String]
    }
    public var printed: [Printed]
    /// Letters that could not be written, with the reason; they are marked refused.
    public var refused: [SendingOutcome.Letter]
}

extension CorrespondenceDesk {
    /// Writes the PDFs of all queued letters that go by post into the folder, ready to print, and marks them sent. Files come
    /// first, marks after: who stops in between prints the same files again.
    public func printBatch(
        to folder: String, book: Int64, progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) async throws -> PrintBatchOutcome {
        var outcome = PrintBatchOutcome(printed: [], refused: [])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var taken: Set<String> = []
        while !Task.isCancelled {
            let now = clock()
            let letters = try await database.transaction(isolation: .readCommitted) {
                try OutboxJobs(transaction: $0, book: book, now: now).take(
                    100, by: .post, .due, until: Instant(micro: now.micro + OutboxWorker.lease))
            }
            guard !letters.isEmpty else { break }
            let drafts = try await database.read { try LetterReader($0, book: book).drafts(letters) }
            let rendered = try await PaperPress.each(Array(zip(letters, drafts))) { letter, draft in
                Rendered(letter, draft)
            }
            var settled: [(OutboxLetter, state: String, answer: String)] = []
            for one in rendered {
                switch one.files {
                case .success(let files):
                    var names: [String] = []
                    for file in files {
                        let free = taken.insert(file.name).inserted
                        let name = free ? file.name : "\(file.name.dropLast(4))_\(one.letter.message).pdf"
                        try PaperFiles.write(file.bytes, name, in: folder)
                        names.append(name)
                    }
                    settled.append((one.letter, "sent", "printed as \(names.joined(separator: ", "))"))
                    outcome.printed.append(
                        .init(
                            message: one.letter.message.description, kind: one.letter.kind.rawValue,
                            subject: one.draft?.subject ?? "", customer: one.draft?.customer?.number ?? "",
                            files: names))
                case .failure(let impossible):
                    settled.append((one.letter, "refused", impossible.why))
                    outcome.refused.append(
                        .init(one.letter, one.draft, state: "refused", answer: impossible.why))
                }
            }
            let (ended, marks) = (clock(), settled)
            try await database.transaction(isolation: .readCommitted) { transaction in
                let jobs = OutboxJobs(transaction: transaction, book: book, now: ended)
                for mark in marks { _ = try jobs.settle(mark.0, state: mark.state, answer: mark.answer) }
            }
            progress(outcome.printed.count)
        }
        return outcome
    }

    private struct Rendered: Sendable {
        let letter: OutboxLetter
        let draft: LetterDraft?
        let files: Result<[PaperFile], LetterImpossible>

        init(_ letter: OutboxLetter, _ draft: Result<LetterDraft, LetterImpossible>) {
            self.letter = letter
            self.draft = try? draft.get()
            do {
                files = .success(try draft.get().files())
            } catch let impossible as LetterImpossible {
                files = .failure(impossible)
            } catch let refusal as any Refusal {
                files = .failure(LetterImpossible(why: "\(refusal.what) \(refusal.why)"))
            } catch {
                files = .failure(LetterImpossible(why: "It could not be rendered: \(error)"))
            }
        }
    }
}

import ArgumentParser
import Books
import CorrespondenceDesk
import Database
import Foundation
import Ledger

/// `duly audit`.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The chain of seals over everything that was recorded.",
        subcommands: [SealNow.self, Head.self, ExportChain.self, CheckCode.self])

    struct SealNow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "seal", abstract: "Seal what waits now; 'duly serve' and 'duly worker' do it as it comes.")
        @OptionGroup var common: Common
        @Flag(help: "Say how much waits, and keep nothing.") var dryRun = false

        private struct Sealed: Encodable {
            let batches: Int
            let records: Int64
            let head: String
        }

        func run() async throws {
            let database = try await common.open()
            if dryRun {
                let waiting = try await database.read { try AuditHead.read(in: $0) }
                if common.json { return print(try Answer.encode(Sealed(batches: 0, records: 0, head: waiting.head))) }
                return print("\(waiting.unsealed) records wait for their seal. Nothing was kept.")
            }
            let sealer = Sealer(database, clock: Common.clock)
            try await sealer.gather()
            let done = try await sealer.seal()
            let head = try await database.read { try AuditHead.read(in: $0) }.head
            if common.json {
                return print(try Answer.encode(Sealed(batches: done.batches, records: done.records, head: head)))
            }
            print(
                "Sealed \(done.records) records in \(done.batches) batches; the last root is \(head.isEmpty ? "none" : head)."
            )
        }
    }

    struct Head: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the last root. Keep it on paper: 'duly verify --head ROOT' holds the books against it.")
        @OptionGroup var common: Common

        private struct Told: Encodable {
            struct Chain: Encodable {
                let seller, head, code: String
                let batches, records, unsealed: Int64
            }
            let head, code: String
            let batches, records, unsealed: Int64
            let chains: [Chain]
        }

        func run() async throws {
            let head = try await common.open().read { try AuditHead.read(in: $0) }
            if common.json {
                return print(
                    try Answer.encode(
                        Told(
                            head: head.head, code: SealCode.of(head.head), batches: head.batches, records: head.records,
                            unsealed: head.unsealed,
                            chains: head.chains.map {
                                .init(
                                    seller: $0.seller, head: $0.root, code: SealCode.of($0.root), batches: $0.batches,
                                    records: $0.records, unsealed: $0.unsealed)
                            })))
            }
            guard !head.head.isEmpty else {
                return print("Nothing is sealed yet; \(head.unsealed) records wait for it.")
            }
            print("\(head.head)  (\(SealCode.of(head.head)))")
            Answer.table(
                ["Seller", "Seals", "Records", "Waiting", "Last root"],
                head.chains.map { [$0.seller, "\($0.batches)", "\($0.records)", "\($0.unsealed)", $0.root] },
                right: [1, 2, 3])
        }
    }

    struct ExportChain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract:
                "Seal what waits, and write the chain as a text file: ids and salted hashes, no names and no amounts. Whoever has it can check it with 'duly verify --offline FILE'."
        )
        @OptionGroup var common: Common
        @Argument(help: "The file to write; one that is there is replaced.") var file: String
        @Option(help: "Only this seller's chain.") var seller: String?
        @Flag(help: "Say what would be written, and keep nothing.") var dryRun = false

        private struct Told: Encodable {
            let file: String
            let batches, records: Int64
            let head: String
        }

        func run() async throws {
            let database = try await common.open()
            let book = try await seller == nil ? nil : common.sellers(database, seller)[0].book
            guard !dryRun else {
                let head = try await database.read { try AuditHead.read(in: $0) }
                if common.json {
                    return print(
                        try Answer.encode(
                            Told(file: file, batches: head.batches, records: head.records, head: head.head)))
                }
                return print("Would write \(head.records + head.unsealed) records to \(file). Nothing was kept.")
            }
            try await Sealer(database, clock: Common.clock).seal()
            let written = try await SealExport.write(file, book: book, from: database)
            if common.json {
                return print(
                    try Answer.encode(
                        Told(file: file, batches: written.batches, records: written.records, head: written.head)))
            }
            print(
                "Wrote \(written.records) records in \(written.batches) seals to \(file); the last root is \(written.head.isEmpty ? "none" : written.head)."
            )
        }
    }

    struct CheckCode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract:
                "Find a statement's code in an exported chain, and prove the way from it to the root. Needs no books.")
        @OptionGroup var common: Common
        @Argument(help: "The exported chain.") var file: String
        @Argument(help: "The code on the statement.") var code: String
        @Option(help: "The statement's JSON file: its figures are held against the code, too.") var statement: String?

        private struct Told: Encodable {
            let code: String
            let ok: Bool
            let bad: [[String: String]]
            let proof: SealProof?
            let figures: String?
        }

        func run() throws {
            guard let plain = SealCode.read(code) else {
                throw ValidationError(
                    "A code has sixteen letters and digits, such as 7Q2M-0XKD-9F3A-BT5W, not '\(code)'.")
            }
            let chain = try SealFile.read(file)
            let proof = try SealProof.find(plain, kind: "figures", in: file)
            var bad = chain.checks.flatMap(\.bad).map {
                ["record": $0.record, "expected": $0.expected, "found": $0.found]
            }
            if proof == nil {
                bad.append(["record": "code \(plain)", "expected": "a statement in the chain", "found": "none"])
            }
            let figures = try statement.map { try Self.figures(of: $0) }
            if let figures, let proof, figures != proof.hash {
                bad.append(["record": "figures of the statement", "expected": proof.hash, "found": figures])
            }
            if common.json {
                print(
                    try Answer.encode(
                        Told(code: plain, ok: bad.isEmpty, bad: bad, proof: proof, figures: figures)))
            } else {
                for one in bad { print("BAD  \(one["record"]!): expected \(one["expected"]!), found \(one["found"]!)") }
                if let proof {
                    print("\(plain) is statement \(proof.record), recorded \(proof.recorded),")
                    print(
                        "sealed in batch \(proof.batch) of book \(proof.book) at \(proof.sealed), root \(proof.root).")
                    print("\(proof.path.count) hashes lead from it to the tree \(proof.tree).")
                }
                if figures != nil, bad.isEmpty { print("Its figures are those of \(statement!).") }
            }
            if !bad.isEmpty { throw ExitCode(1) }
        }

        /// The hash of the figures in a statement's JSON, under the salt that stands with them.
        private static func figures(of path: String) throws -> String {
            guard let data = FileManager.default.contents(atPath: path),
                let sheet = try? JSONDecoder().decode(StatementFacts.Sheet.self, from: data), let issued = sheet.issued
            else { throw ValidationError("\(path) is no JSON of an issued statement.") }
            return Books.hash(sheet.figures(salt: issued.salt))
        }
    }
}

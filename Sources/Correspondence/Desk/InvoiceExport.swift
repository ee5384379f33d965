import Books
import Correspondence
import Database
import Foundation
import Ledger
import Money

/// Which documents are meant.
public enum DocumentSelection: Sendable {
    case numbers([String])
    /// All that the seller issued itself.
    case all
}

/// A file that was written.
public struct ExportedPaper: Codable, Sendable, Equatable {
    /// Relative to the folder.
    public var file: String
    public var invoiceNo: String
    public var customerID: String
    /// Hexadecimal.
    public var sha256: String
    public init(file: String, invoiceNo: String, customerID: String, sha256: String) {
        self.file = file
        self.invoiceNo = invoiceNo
        self.customerID = customerID
        self.sha256 = sha256
    }
    enum CodingKeys: String, CodingKey {
        case file, sha256
        case invoiceNo = "invoice_no"
        case customerID = "customer_id"
    }
}

/// What an export wrote, and what it could not render.
public struct InvoiceExportOutcome: Codable, Sendable, Equatable {
    public struct Left: Codable, Sendable, Equatable {
        public var invoiceNo: String
        public var code: String
        public var why: String
        enum CodingKeys: String, CodingKey {
            case code, why
            case invoiceNo = "invoice_no"
        }
    }
    public var files: [ExportedPaper]
    public var left: [Left]
}

extension CorrespondenceDesk {
    /// The paper of one document.
    public func paper(_ document: RecordID, book: Int64) async throws -> DocumentPaper? {
        try await papers([document], book: book).first
    }

    /// The papers of many documents, read set-wise; render them where it suits.
    public func papers(_ documents: [RecordID], book: Int64) async throws -> [DocumentPaper] {
        try await database.read { try DocumentPapers($0, book: book).papers(documents) }
    }

    /// The documents of a selection, in the order of the numbers given, or by number.
    public func documents(_ selection: DocumentSelection, book: Int64) async throws -> [RecordID] {
        try await database.read { transaction in
            switch selection {
            case .all:
                return try transaction.query(
                    "SELECT document FROM documents WHERE book = $1 AND origin = 'own' ORDER BY number", [.int(book)]
                ).map { RecordID(number: try $0.int(0)) }
            case .numbers(let numbers):
                try transaction.pick(Array(Set(numbers)).sorted())
                var found: [String: RecordID] = [:]
                try transaction.rows(
                    """
                    SELECT d.number, d.document FROM picked_text p CROSS JOIN documents d
                    WHERE d.book = $1 AND d.number = p.key
                    """, [.int(book)]
                ) { found[try $0.text(0)] = RecordID(number: try $0.int(1)) }
                var seen: Set<String> = []
                return try numbers.filter { seen.insert($0).inserted }.map { number in
                    guard let document = found[number] else { throw CorrespondenceRefusal.noSuchDocument(number) }
                    return document
                }
            }
        }
    }

    /// `invoice export --format pdf`: writes `NUMBER.pdf` for each document and `manifest.csv` into the folder. The same
    /// documents give the same bytes. One that cannot be rendered stops none of the others.
    public func export(
        _ selection: DocumentSelection, book: Int64, to folder: String,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> InvoiceExportOutcome {
        let documents = try await documents(selection, book: book)
        var outcome = InvoiceExportOutcome(files: [], left: [])
        var taken: Set<String> = []
        var next = 0
        while next < documents.count {
            let group = Array(documents[next..<min(next + Self.groupSize, documents.count)])
            let papers = try await papers(group, book: book)
            // Two numbers that differ in a character outside the rule would be one file: the second says its id, too.
            let named = papers.map { paper in
                let plain = PaperFiles.name(paper.number)
                let free = taken.insert(plain).inserted
                return (paper, free ? "\(plain).pdf" : "\(plain)_\(paper.document).pdf")
            }
            let done = try await PaperPress.each(named) { paper, name in
                try Self.write(paper, name, in: folder)
            }
            for one in done {
                switch one {
                case .success(let file): outcome.files.append(file)
                case .failure(let left): outcome.left.append(left.value)
                }
            }
            next += group.count
            progress(next, documents.count)
        }
        try PaperFiles.write(Array(Self.manifest(outcome.files).utf8), "manifest.csv", in: folder)
        return outcome
    }

    /// `manifest.csv`, for exports in every format.
    public static func manifest(_ files: [ExportedPaper]) -> String {
        PaperFiles.table(
            "file,invoice_no,customer_id,sha256", files.map { [$0.file, $0.invoiceNo, $0.customerID, $0.sha256] })
    }

    /// SHA-256 in hexadecimal digits, as manifests give it.
    public static func sha256(_ bytes: [UInt8]) -> String { PaperFiles.hexadecimal(Books.hash(bytes)) }

    private struct NotRendered: Error { let value: InvoiceExportOutcome.Left }

    private static func write(_ paper: DocumentPaper, _ name: String, in folder: String) throws
        -> Result<ExportedPaper, NotRendered>
    {
        do {
            let bytes = try paper.pdf()
            try PaperFiles.write(bytes, name, in: folder)
            return .success(
                ExportedPaper(
                    file: name, invoiceNo: paper.number, customerID: paper.customerNumber, sha256: sha256(bytes)))
        } catch let refusal as any Refusal {
            return .failure(
                NotRendered(value: .init(invoiceNo: paper.number, code: refusal.code, why: refusal.why)))
        }
    }
}

import Correspondence
import Database
import Foundation
import Ledger
import Mail
import Money

/// A letter of the outbox.
struct OutboxLetter: Sendable {
    let message: RecordID
    let kind: LetterRequest.Kind
    let document: RecordID
    let customer: RecordID
    let attempts: Int
    let messageID: String
    let recorded: Instant
    /// Until when it is ours to prepare.
    let lease: Instant
}

/// Everything a letter says, read from the books; what is left to do is rendering.
struct LetterDraft: Sendable {
    enum Content: Sendable {
        case document(DocumentPaper)
        case reminder(ReminderFile)
        case statement([StatementFacts])
    }
    struct Recipient: Sendable {
        let name: String
        let email: String
    }
    let letter: OutboxLetter
    let seller: SellerBlock
    let content: Content
    let recipients: [Recipient]
    /// By which contacts were looked for, for the reason where there is none.
    let purpose: String

    /// What the letter is about, as a person would name it.
    var subject: String {
        switch content {
        case .document(let paper): paper.number
        case .reminder(let file): "reminder \(file.level.rawValue) of \(file.day)"
        case .statement(let all): all.first.map { "statement as of \($0.asOf)" } ?? "statement"
        }
    }
    var customer: CustomerBlock? {
        switch content {
        case .document(let paper): paper.customer
        case .reminder(let file): file.customer
        case .statement(let all): all.first?.customer
        }
    }
}

/// A letter that cannot be written as it is: a person has to change something.
struct LetterImpossible: Error {
    let why: String
}

/// A rendered paper with the name of its file.
struct PaperFile: Sendable {
    let name: String
    let bytes: [UInt8]
}

/// Reads drafts of letters, in one transaction for a few.
struct LetterReader {
    let transaction: any Transaction
    let papers: DocumentPapers
    private var book: Int64 { papers.seller.book }

    init(_ transaction: any Transaction, book: Int64) throws {
        self.transaction = transaction
        papers = try DocumentPapers(transaction, book: book)
    }

    /// The drafts, in the order of the letters; where the books no longer hold what a letter is about, the reason.
    func drafts(_ letters: [OutboxLetter]) throws -> [Result<LetterDraft, LetterImpossible>] {
        let documents = letters.filter { $0.kind == .invoice || $0.kind == .creditNote }.map(\.document)
        var found: [RecordID: DocumentPaper] = [:]
        for paper in try papers.papers(documents) { found[paper.document] = paper }
        return try letters.map { letter in
            guard let content = try content(letter, found) else {
                return .failure(LetterImpossible(why: "The books hold nothing that this letter could be about."))
            }
            if case .statement(let all) = content, all.isEmpty {
                return .failure(LetterImpossible(why: "Nothing is open; there is no statement to send."))
            }
            let chain = Self.purposes(letter.kind, content)
            return .success(
                LetterDraft(
                    letter: letter, seller: papers.seller, content: content,
                    recipients: try recipients(letter.customer, chain), purpose: chain[0]))
        }
    }

    private func content(_ letter: OutboxLetter, _ documents: [RecordID: DocumentPaper]) throws
        -> LetterDraft.Content?
    {
        switch letter.kind {
        case .invoice, .creditNote: return documents[letter.document].map { .document($0) }
        case .reminder:
            return try ReminderFiles(transaction: transaction, book: book).file(letter.document).map { .reminder($0) }
        case .statement:
            // As of the day it was asked for, as the books knew it then.
            let reader = StatementReader(
                transaction: transaction, seller: papers.seller, asOf: letter.recorded.day, knownAt: letter.recorded)
            return .statement(try reader.statements(of: letter.customer))
        }
    }

    /// Whose address is asked first: the purpose of the letter, then what stands in for it.
    static func purposes(_ kind: LetterRequest.Kind, _ content: LetterDraft.Content) -> [String] {
        switch kind {
        case .invoice, .creditNote: return ["invoice"]
        case .statement: return ["statement", "invoice"]
        case .reminder:
            if case .reminder(let file) = content, file.level == .final {
                return ["escalation", "reminder", "invoice"]
            }
            return ["reminder", "invoice"]
        }
    }

    private func recipients(_ customer: RecordID, _ purposes: [String]) throws -> [LetterDraft.Recipient] {
        let rows = try transaction.query(
            """
            SELECT purpose, name, email FROM contacts
            WHERE book = $1 AND customer = $2 AND email <> ''
            ORDER BY purpose, place
            """, [.int(book), .int(customer.number)])
        for purpose in purposes {
            let those = try rows.filter { try $0.text(0) == purpose }
            guard those.isEmpty else {
                return try those.map { .init(name: try $0.text(1), email: try $0.text(2)) }
            }
        }
        return []
    }
}

extension LetterDraft {
    private func parties(named contact: String?) -> LetterParties {
        LetterParties(
            customerName: customer?.name ?? "", contact: contact?.ifAny.map { LetterContact($0) },
            sellerName: seller.name, phone: seller.phone.ifAny, email: seller.email.ifAny)
    }

    /// The papers that travel with the letter, or are posted.
    func files() throws -> [PaperFile] {
        switch content {
        case .document(let paper):
            return [PaperFile(name: "\(PaperFiles.name(paper.number)).pdf", bytes: try paper.pdf())]
        case .reminder(let file):
            let german = file.customer.language == .german
            let stem = PaperFiles.name("\(german ? "Erinnerung" : "Reminder")_\(file.customer.number)_\(file.day)")
            return try file.papers(parties(named: nil), from: seller).map {
                PaperFile(
                    name: file.parts.count == 1 ? "\(stem).pdf" : "\(stem)_\($0.currency.code).pdf",
                    bytes: try $0.pdf())
            }
        case .statement(let all):
            return try all.map { facts in
                PaperFile(
                    name: PaperFiles.name("\(facts.customer.number)_\(facts.asOf)_\(facts.currency.code)") + ".pdf",
                    bytes: try facts.paper(from: seller).pdf())
            }
        }
    }

    private func words() throws -> Letter {
        let parties = parties(named: recipients.first?.name)
        switch content {
        case .reminder(let file): return try file.mail(parties, from: seller)
        case .statement(let all): return StatementFacts.letter(all, parties, from: seller)
        case .document(let document):
            let paper = document.paper
            let language = document.customer.language
            guard case .creditNote(let corrects, let settlement) = paper.kind else {
                return InvoiceLetter(
                    parties: parties, number: paper.number, day: paper.issueDay, due: paper.dueDay, gross: paper.gross,
                    open: document.open, orderNumber: paper.purchaseOrder,
                    payment: seller.payment(in: paper.currency, reference: paper.reference ?? paper.number)
                ).letter(in: language)
            }
            return CreditNoteLetter(
                parties: parties, number: paper.number, day: paper.issueDay, amount: paper.gross,
                corrects: corrects.map(\.number), use: settlement == .settled ? .settled : .offset,
                reason: document.reason.ifAny
            ).letter(in: language)
        }
    }

    /// The mail as bytes. Throws `LetterImpossible` where an address is missing or wrong, or the words cannot be written.
    func mail(id: MessageID, from sender: EmailAddress, at now: Instant) throws -> WrittenMail {
        guard !recipients.isEmpty else {
            throw LetterImpossible(why: "The customer has no mail address for \(purpose)s.")
        }
        var to: [Addressee] = []
        var wrong: [String] = []
        for recipient in recipients {
            do throws(MailProblem) {
                to.append(.mailbox(Mailbox(recipient.name.ifAny, try EmailAddress(recipient.email))))
            } catch {
                wrong.append(error.description)
            }
        }
        guard wrong.isEmpty else { throw LetterImpossible(why: wrong.joined(separator: "; ") + ".") }
        do {
            let words = try words()
            return try MailMessage(
                id: id, date: MailDate(secondsSince1970: now.micro / 1_000_000), from: Mailbox(seller.name, sender),
                to: to, subject: words.subject, text: words.text, html: words.html,
                language: words.language.rawValue,
                attachments: try files().map {
                    Attachment(fileName: $0.name, mediaType: "application/pdf", bytes: $0.bytes)
                }, further: [("Auto-Submitted", "auto-generated")]
            ).written()
        } catch let refusal as any Refusal {
            throw LetterImpossible(why: "\(refusal.what) \(refusal.why)")
        } catch let problems as MailProblems {
            throw LetterImpossible(why: problems.all.map(\.description).joined(separator: "; ") + ".")
        }
    }
}

import Database
import Ledger
import Money

/// What the statements of one book are made of, read set by set.
struct StatementFacts {
    private struct Document {
        let number: String
        let type: String
        let poNumber: String
    }
    private struct Receipt {
        let paymentID: String
        let minor: Int64
    }
    private struct Debtor {
        let number: String
        let language: String
        let address: InvoiceSheet.Address
    }
    private let book: ReportBook
    private let scope: ReportScope
    private var items: [Int64: [OpenAmount]] = [:]
    private var onAccount: [Int64: [OpenAmount]] = [:]
    private var documents: [Int64: Document] = [:]
    private var receipts: [Int64: Receipt] = [:]
    private var debtors: [Int64: Debtor] = [:]
    private let disputes: [Int64: Int64]

    init(_ book: ReportBook, _ scope: ReportScope, only: Int64? = nil, in transaction: any Transaction) throws {
        self.book = book
        self.scope = scope
        disputes = try Disputes.amounts(book, scope, in: transaction)
        var (items, onAccount): ([Int64: [OpenAmount]], [Int64: [OpenAmount]]) = ([:], [:])
        try OpenAmounts(book: book, scope: scope, transaction: transaction).read { amount in
            guard let customer = amount.customer, only == nil || only == customer else { return }
            items[customer, default: []].append(amount)
        } unapplied: { amount in
            guard let customer = amount.customer, only == nil || only == customer else { return }
            onAccount[customer, default: []].append(amount)
        }
        self.items = items
        self.onAccount = onAccount
        try readDocuments(transaction)
        try readReceipts(transaction)
        try readDebtors(only, transaction)
    }

    /// By the number the firm uses.
    var customers: [Int64] {
        Set(items.keys).union(onAccount.keys).sorted {
            (debtors[$0]?.number ?? "", $0) < (debtors[$1]?.number ?? "", $1)
        }
    }

    func statement(of customer: Int64, _ buckets: AgingBuckets) -> OpenItemStatement {
        let (items, money) = (items[customer] ?? [], onAccount[customer] ?? [])
        let currencies = Set(items.map(\.currency) + money.map(\.currency)).sorted { $0.code < $1.code }
        let debtor = debtors[customer]
        return OpenItemStatement(
            seller: book.code, sellerName: book.name, customer: debtor?.number ?? "",
            customerID: RecordID(number: customer).description, language: debtor?.language ?? "",
            address: debtor?.address
                ?? InvoiceSheet.Address(name: "", street: "", postcode: "", city: "", country: "", vatID: ""),
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            currencies: currencies.map { currency in
                block(
                    currency, items.filter { $0.currency == currency }, money.filter { $0.currency == currency },
                    buckets)
            })
    }

    private func block(_ currency: Currency, _ items: [OpenAmount], _ money: [OpenAmount], _ buckets: AgingBuckets)
        -> OpenItemStatement.Block
    {
        func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
        var sums = Array(repeating: Int64(0), count: buckets.buckets.count)
        var disputed: Int64 = 0
        let sorted = items.sorted {
            ($0.dueDay, $0.day, documents[$0.item]?.number ?? "", $0.item)
                < ($1.dueDay, $1.day, documents[$1.item]?.number ?? "", $1.item)
        }
        let told = sorted.map { amount in
            let document = documents[amount.item]
            let inDispute = Disputes.within(amount.open, disputes[amount.item] ?? 0)
            sums[buckets.place(amount, asOf: scope.asOf)] += amount.open
            disputed += inDispute
            return OpenItemStatement.Item(
                invoiceNo: document?.number ?? "", type: document?.type ?? "", issueDay: amount.day.description,
                dueDay: amount.dueDay.description, amount: text(amount.original), open: text(amount.open),
                disputed: text(inDispute), daysOverdue: max(0, scope.asOf - amount.dueDay),
                poNumber: document?.poNumber ?? "")
        }
        let total = items.reduce(0) { $0 + $1.open }
        let unallocated = money.reduce(0) { $0 + $1.open }
        return OpenItemStatement.Block(
            currency: currency.code, items: told,
            onAccount: money.sorted { ($0.day, $0.item) < ($1.day, $1.item) }.map { amount in
                OpenItemStatement.OnAccount(
                    receipt: RecordID(number: amount.item).description,
                    paymentID: receipts[amount.item]?.paymentID ?? "", day: amount.day.description,
                    received: text(receipts[amount.item]?.minor ?? -amount.original), unallocated: text(-amount.open))
            }, total: text(total), unallocated: text(unallocated), net: text(total + unallocated),
            disputed: text(disputed),
            buckets: zip(buckets.buckets, sums).map { OpenItemStatement.Bucket(label: $0.label, amount: text($1)) })
    }

    private mutating func readDocuments(_ transaction: any Transaction) throws {
        try transaction.pick(items.values.flatMap { $0.map(\.item) })
        var found: [Int64: Document] = [:]
        try transaction.rows(
            """
            SELECT d.document, d.number, d.kind, d.po_number
            FROM picked
            CROSS JOIN documents d
            WHERE d.book = $1 AND d.document = picked.key
            """, [book.key]
        ) { row in
            found[try row.int(0)] = Document(
                number: try row.text(1), type: try row.text(2) == "invoice" ? "invoice" : "credit_note",
                poNumber: try row.text(3))
        }
        documents = found
    }

    private mutating func readReceipts(_ transaction: any Transaction) throws {
        try transaction.pick(onAccount.values.flatMap { $0.map(\.item) })
        var found: [Int64: Receipt] = [:]
        try transaction.rows(
            """
            SELECT r.receipt, r.payment_id, r.minor
            FROM picked
            CROSS JOIN receipts r
            WHERE r.book = $1 AND r.receipt = picked.key
            """, [book.key]
        ) { row in found[try row.int(0)] = Receipt(paymentID: try row.text(1), minor: try row.int(2)) }
        receipts = found
    }

    /// Names and addresses as known at the instant; the first ones where none was known yet.
    private mutating func readDebtors(_ only: Int64?, _ transaction: any Transaction) throws {
        var keys = Set(items.keys).union(onAccount.keys)
        if let only { keys.insert(only) }
        try transaction.pick(Array(keys))
        var (found, known): ([Int64: Debtor], [Int64: Bool]) = ([:], [:])
        try transaction.rows(
            """
            SELECT c.customer, c.number, c.language, c.country, d.name, d.street, d.postcode, d.city, d.vat_id,
                CASE WHEN d.recorded <= $2 THEN 1 ELSE 0 END
            FROM picked
            CROSS JOIN customers c
            CROSS JOIN customer_details d
            WHERE c.book = $1 AND c.customer = picked.key AND d.book = $1 AND d.customer = c.customer
            ORDER BY d.details
            """, [book.key, scope.known]
        ) { row in
            let (customer, isKnown) = (try row.int(0), try row.int(9) == 1)
            guard isKnown || known[customer] == nil else { return }
            known[customer] = isKnown
            found[customer] = Debtor(
                number: try row.text(1), language: try row.text(2),
                address: InvoiceSheet.Address(
                    name: try row.text(4), street: try row.text(5), postcode: try row.text(6), city: try row.text(7),
                    country: try row.text(3), vatID: try row.text(8)))
        }
        debtors = found
    }
}

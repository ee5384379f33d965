/// Who may carry out which command: the one place where it stands. A command that is not in the table may be carried out by nobody.
///
/// Commands are named as on the command line, `cash apply`. Where a command takes its verb as an argument (`report aging`), the
/// words in front of it count.
public enum Permissions {
    public struct Entry: Sendable, Equatable {
        public let scope: Scope
        /// The administrator is in every one.
        public let roles: Set<Role>
    }

    /// The entry that decides about a command; nil where nobody may.
    public static func entry(for command: String) -> Entry? {
        var words = command.split(separator: " ")
        while !words.isEmpty {
            if let entry = table[words.joined(separator: " ")] { return entry }
            words.removeLast()
        }
        return nil
    }

    public static func may(_ role: Role, _ command: String) -> Bool {
        entry(for: command)?.roles.contains(role) ?? false
    }

    /// Of a program that came with a token: its scopes narrow what its user may. `read` alone is never enough to write, and a scope
    /// that writes reads, too.
    public static func may(_ role: Role, _ scopes: Set<Scope>, _ command: String) -> Bool {
        guard let entry = entry(for: command), entry.roles.contains(role), !scopes.isEmpty else { return false }
        return entry.scope == .read || scopes.contains(entry.scope)
    }

    /// All commands that are named, in order.
    public static var commands: [String] { table.keys.sorted() }

    private static func entry(_ scope: Scope, _ roles: Role...) -> Entry {
        Entry(scope: scope, roles: Set(roles).union([.administrator]))
    }
    private static let everyone = Entry(scope: .read, roles: Set(Role.allCases))
    private static let books = entry(.read, .coordinator, .manager, .finance, .auditor)
    private static let billing = entry(.bill, .coordinator, .manager)
    private static let papers = entry(.bill, .coordinator, .manager, .finance)
    private static let money = entry(.cash, .coordinator, .manager, .finance)
    private static let asking = entry(.collect, .coordinator, .manager)
    private static let telling = entry(.collect, .coordinator, .manager, .sales)
    private static let steering = entry(.collect, .manager)
    private static let closing = entry(.admin, .finance)
    private static let ruling = entry(.admin, .manager, .finance)
    /// Whoever may ask for something that waits may take the question back.
    private static let withdrawing = entry(.cash, .coordinator, .manager, .finance)
    private static let administration = entry(.admin)
    private static let control = entry(.admin, .auditor)

    private static let table: [String: Entry] = [
        // Reading.
        "customer list": everyone, "customer show": everyone, "invoice list": everyone, "invoice show": everyone,
        "invoice explain": everyone, "invoice export": everyone, "price quote": everyone, "price list": everyone,
        "search": everyone, "timeline": everyone, "worklist": everyone, "statement show": everyone,
        "report": everyone, "dispute list": everyone, "dispute show": everyone, "promise list": everyone,
        "arrangement show": everyone, "seller list": everyone, "seller show": everyone, "contact check": everyone,
        "reminder why": everyone, "task list": everyone, "note list": everyone, "portfolio list": everyone,
        "portfolio show": everyone, "approval list": everyone, "approval limits": everyone,
        "invoice drafts": books, "bank read": books, "cash list": books, "cash export-allocations": books,
        "message list": books, "history": books, "period list": books, "reminder preview": books, "export": books,
        "verify": books, "audit head": books, "audit export": books, "audit check": everyone, "event list": books,
        "interest compute": books,
        "supplier-bill list": books, "supplier-bill show": books,
        "report journal": books, "report vat": books,

        // Prices, bills, papers.
        "import": billing, "bill": billing, "invoice issue": billing, "invoice approve": billing,
        "invoice void-draft": billing, "invoice credit": papers, "invoice rebill": billing, "invoice send": papers,
        "message send-again": papers, "message arrived": papers, "post print": papers, "undo": papers,
        "price set": billing, "price end": billing, "price change": billing,

        // Money in.
        "bank import": money, "cash match": money, "cash apply": money, "cash unapply": money, "cash write-off": money,
        "cash refund": money, "cash return": money,

        // Asking and agreeing.
        "reminder run": asking, "statement run": asking, "reminder policy": steering, "promise add": asking,
        "arrangement propose": asking, "arrangement offer": asking, "arrangement accept": asking,
        "arrangement cancel": asking, "dispute open": telling, "dispute resolve": asking, "customer edit": asking,
        "customer hold": asking, "task add": telling, "task done": telling, "note add": telling,
        "supplier-bill add": money, "supplier-bill hold": money, "supplier-bill settle": money,
        "creditor reconcile": money, "approval give": ruling, "approval refuse": ruling,
        "approval withdraw": withdrawing, "approval limit": administration,
        "portfolio add": steering, "portfolio assign": steering, "portfolio remove": steering,

        // The books as a whole.
        "period close": closing, "period reopen": closing, "seller add-account": closing, "seller series": closing,
        "init": administration, "seller add": administration, "upgrade": administration, "backup": administration,
        "restore": administration, "serve": administration, "worker": administration, "demo": administration,
        "user add": administration, "user invite": administration, "user role": administration,
        "user disable": administration, "user enable": administration, "user limit": administration,
        "user reset": administration, "user list": control, "user views": control, "user clashes": control,
        "user acts": control,
        "token create": administration, "token revoke": administration, "token list": control,
        "webhook add": administration, "webhook list": control, "webhook remove": administration,
        "webhook replay": administration, "webhook pause": administration, "webhook resume": administration,
        "webhook test": administration, "audit seal": control,
    ]

    /// What somebody has to be allowed to see a place of the workspace or of the API: by the words of its address, the longest known
    /// first. Everybody who is in sees the others; what is done there is asked for by its command.
    public static func command(toSee path: [String]) -> String {
        var words = path.first == "api" ? Array(path.dropFirst()) : path
        while !words.isEmpty {
            if let command = places[words.joined(separator: "/")] { return command }
            words.removeLast()
        }
        return "search"
    }

    private static let places = [
        "customers": "customer show", "invoices": "invoice show", "worklist": "worklist", "search": "search",
        "prices": "price list", "bill": "invoice drafts", "drafts": "invoice drafts", "money": "cash list",
        "receipts": "cash list", "bank": "cash list", "cash": "cash list", "ask": "reminder preview",
        "reminders": "reminder preview", "reminder": "reminder preview", "messages": "message list",
        "statements": "statement show", "reports": "report", "reports/journal": "report journal",
        "reports/vat": "report vat", "history": "history", "periods": "period list", "close": "period list",
        "export": "export", "audit": "audit export", "webhooks": "webhook list", "settings/users": "user list",
        "settings/views": "user views", "settings/clashes": "user clashes", "approvals": "approval list",
        "settings/webhooks": "webhook list",
    ]
}

import Money
import Web

/// What the page of approvals reads.
public protocol ApprovalsSource: Sendable {
    /// What waits for a second person, what was decided lately, and the limits, as this reader may see them.
    func approvals(seller: String?, for session: WebSession) async throws -> ApprovalsView
}

/// `GET /approvals` and `/api/approvals`.
public struct ApprovalsView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerView]
    /// Newest first.
    public let open: [ApprovalView]
    public let decided: [ApprovalView]
    public let limits: [ApprovalLimitView]
    public init(
        day: Day, sellers: [SellerView], open: [ApprovalView], decided: [ApprovalView], limits: [ApprovalLimitView]
    ) {
        self.sellers = sellers
        self.open = open
        self.decided = decided
        self.limits = limits
        self.day = day
    }
}

/// A command that waits, or waited, for a second person.
public struct ApprovalView: Codable, Sendable, Equatable {
    public let id: String
    /// waiting, agreed, done, failed, refused, withdrawn
    public let state: String
    /// The command's name, such as `invoice credit`.
    public let asks: String
    public let seller: String
    @Written public var customer: String?
    @Written public var amount: Amount?
    public let askedBy: String
    @Written public var asked: Day
    @Written public var decidedBy: String?
    /// The roles of which somebody may agree.
    public let roles: [String]
    /// The command's values by name; empty for readers that neither asked nor decide.
    public let values: [Value]
    /// Why a person refused it, or what the books said.
    @Written public var answer: String?
    public let mayDecide: Bool
    public let mayWithdraw: Bool

    public struct Value: Codable, Sendable, Equatable {
        public let name, value: String
        public init(name: String, value: String) { (self.name, self.value) = (name, value) }
    }

    public init(
        id: String, state: String, asks: String, seller: String, customer: String?, amount: Amount?, askedBy: String,
        asked: Day, decidedBy: String?, roles: [String], values: [Value], answer: String?, mayDecide: Bool,
        mayWithdraw: Bool
    ) {
        self.id = id
        self.state = state
        self.asks = asks
        self.seller = seller
        self.askedBy = askedBy
        self.roles = roles
        self.values = values
        self.mayDecide = mayDecide
        self.mayWithdraw = mayWithdraw
        self.customer = customer
        self.amount = amount
        self.asked = asked
        self.decidedBy = decidedBy
        self.answer = answer
    }
    enum CodingKeys: String, CodingKey {
        case id, state, asks, seller, customer, amount, asked, roles, values, answer
        case askedBy = "asked_by"
        case decidedBy = "decided_by"
        case mayDecide = "may_decide"
        case mayWithdraw = "may_withdraw"
    }
}

/// What a role decides of a kind of command: whole units of the seller's currency, `none` or `any`.
public struct ApprovalLimitView: Codable, Sendable, Equatable {
    public let rule, role, alone, agrees: String
    public init(rule: String, role: String, alone: String, agrees: String) {
        (self.rule, self.role, self.alone, self.agrees) = (rule, role, alone, agrees)
    }
}

extension Pages {
    var approvalsRoutes: [Route] {
        let page: Route.Handler = { try await approvals($0) }
        return [Route(["approvals"], page), Route(["api", "approvals"], page)]
    }

    private func approvals(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let view = try await source.approvals(seller: shell.reader.seller, for: request.session)
        if request.wantsJSON { return try .json(view) }
        return .html(ApprovalsPage(view: view, shell: shell).render())
    }
}

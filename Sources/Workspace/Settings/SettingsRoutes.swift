import Money
import Web

/// What the pages of sellers, users and policies read.
public protocol SettingsSource: Sendable {
    func settings(seller: String?, language: Language) async throws -> SettingsView
}

extension Pages {
    var settingsRoutes: [Route] {
        let settings: Route.Handler = { try await self.settings($0) }
        return [Route(["settings"], settings), Route(["api", "settings"], settings)]
    }

    private func settings(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let view = try await source.settings(seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(SettingsPage(view: view, shell: shell).render())
    }
}

/// `GET /settings` and `/api/settings`.
public struct SettingsView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerSettings]
    /// sqlite or postgres
    public let engine: String
    /// How many steps the schema of the books has.
    public let schema: Int
    public init(day: Day, sellers: [SellerSettings], engine: String, schema: Int) {
        self.sellers = sellers
        self.engine = engine
        self.schema = schema
        self.day = day
    }
}

/// One of our legal entities, as it is set up.
public struct SellerSettings: Codable, Sendable, Equatable {
    public let seller: SellerView
    public let country: String
    public let address: [String]
    public let vatId: String
    public let email: String
    public let phone: String
    public let timeZone: String
    public let language: String
    public let termsDays: Int
    public let accounts: [SellerAccount]
    /// How invoice numbers are written, and the next of today.
    public let series: String
    @Written public var nextNumber: String?
    @Written public var openFrom: Day
    /// Whether a reminder policy of its own is in force.
    public let hasPolicy: Bool

    public init(
        seller: SellerView, country: String, address: [String], vatId: String, email: String, phone: String,
        timeZone: String, language: String, termsDays: Int, accounts: [SellerAccount], series: String,
        nextNumber: String?, openFrom: Day, hasPolicy: Bool
    ) {
        self.seller = seller
        self.country = country
        self.address = address
        self.vatId = vatId
        self.email = email
        self.phone = phone
        self.timeZone = timeZone
        self.language = language
        self.termsDays = termsDays
        self.accounts = accounts
        self.series = series
        self.hasPolicy = hasPolicy
        self.nextNumber = nextNumber
        self.openFrom = openFrom
    }
    enum CodingKeys: String, CodingKey {
        case seller, country, address, email, phone, language, accounts, series
        case vatId = "vat_id"
        case timeZone = "time_zone"
        case termsDays = "terms_days"
        case nextNumber = "next_number"
        case openFrom = "open_from"
        case hasPolicy = "has_policy"
    }
}

/// A bank account of ours.
public struct SellerAccount: Codable, Sendable, Equatable {
    public let account: String
    public let currency: String
    public let bic: String
    public init(account: String, currency: String, bic: String) {
        (self.account, self.currency, self.bic) = (account, currency, bic)
    }
}

import Money

/// Where payments arrive in full. Inside the euro payments area the banks of a credit transfer in euro take nothing off the amount
/// (SEPA credit transfer rulebook, "full amount"; Directive (EU) 2015/2366, art. 81), nor do those of one country in its currency.
public enum SEPA {
    /// The countries of the area (European Payments Council, EPC409-09), with those of the islands that have codes of their own.
    static let countries: Set<String> = [
        "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GG", "GI", "GR",
        "HR",
        "HU", "IE", "IM", "IS", "IT", "JE", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL",
        "PT",
        "RO", "RS", "SE", "SI", "SK", "SM", "VA",
    ]

    /// Whether a bank may keep a fee of what a customer of one country pays a seller of another in the seller's currency.
    public static func isCharged(from customer: String, to seller: String, in currency: Currency) -> Bool {
        guard customer != seller else { return false }
        return currency != .eur || !countries.contains(customer) || !countries.contains(seller)
    }
}

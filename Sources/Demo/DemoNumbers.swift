/// Numbers with check digits, made up.
enum DemoNumbers {
    /// Remainder by 97 of a text with A to Z read as 10 to 35 (ISO 7064).
    private static func remainder97(_ text: String) -> Int {
        text.utf8.reduce(0) { rest, byte in
            byte < 65 ? (rest * 10 + Int(byte) - 48) % 97 : (rest * 100 + Int(byte) - 55) % 97
        }
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// ISO 13616.
    static func iban(_ country: String, _ account: String) -> String {
        country + padded(98 - remainder97(account + country + "00"), 2) + account
    }

    /// ISO 11649 over the letters and digits of a document's number.
    static func creditorReference(_ number: String) -> String {
        let body = number.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return "RF" + padded(98 - remainder97(body + "RF00"), 2) + body
    }

    /// Countries whose accounts are made here, with the shape of their account number: 9 a digit, A a letter.
    private static let accounts: [String: String] = [
        "DE": "999999999999999999", "AT": "9999999999999999", "FR": "99999999999999999999999", "NL": "AAAA9999999999",
        "BE": "999999999999", "IT": "A9999999999999999999999", "GB": "AAAA99999999999999",
        "GR": "99999999999999999999999",
        "PL": "999999999999999999999999", "CH": "99999999999999999", "BG": "AAAA99999999999999",
    ]

    /// Empty where accounts of the country have no IBAN.
    static func iban(_ country: String, _ dice: inout DemoDice) -> String {
        guard let shape = accounts[country] else { return "" }
        let letters = Array("ABCDEFGHKLMNPRST")
        return iban(
            country, shape.map { $0 == "9" ? String(dice.int(0...9)) : String(dice.pick(letters)) }.joined())
    }

    /// A VAT id of the country's form with its check digits; empty where the country has none here.
    static func vatID(_ country: String, _ dice: inout DemoDice) -> String {
        switch country {
        case "DE": return "DE" + german(dice.digits(8))
        case "AT": return "ATU" + austrian(dice.digits(7))
        case "FR":
            let siren = luhn(dice.digits(8))
            return "FR" + padded((12 + 3 * ((Int(siren) ?? 0) % 97)) % 97, 2) + siren
        case "NL": return dutch(&dice)
        case "BE":
            let body = "0" + dice.digits(7)
            return "BE" + body + padded(97 - (Int(body) ?? 0) % 97, 2)
        case "IT": return "IT" + luhn(dice.digits(7) + "015")
        case "GB": return british(dice.digits(7))
        case "GR": return greek(dice.digits(8))
        case "PL": return polish(&dice)
        case "BG": return "BG" + bulgarian(dice.digits(8))
        case "CH": return swiss(&dice)
        default: return ""
        }
    }

    private static func values(_ digits: String) -> [Int] { digits.utf8.map { Int($0) - 48 } }
    private static func weighted(_ digits: String, _ weights: [Int]) -> Int {
        zip(values(digits), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// ISO 7064, mod 11,10.
    private static func german(_ digits: String) -> String {
        var product = 10
        for digit in values(digits) {
            let sum = (digit + product) % 10
            product = 2 * (sum == 0 ? 10 : sum) % 11
        }
        return digits + String((11 - product) % 10)
    }
    private static func luhn(_ digits: String) -> String {
        let sum = values(digits).reversed().enumerated().reduce(0) { sum, one in
            let double = one.element * (one.offset % 2 == 0 ? 2 : 1)
            return sum + double / 10 + double % 10
        }
        return digits + String((10 - sum % 10) % 10)
    }
    private static func austrian(_ digits: String) -> String {
        let sum = values(digits).enumerated().reduce(0) { sum, one in
            let double = one.element * (one.offset % 2 == 0 ? 1 : 2)
            return sum + double / 10 + double % 10
        }
        return digits + String((96 - sum) % 10)
    }
    private static func dutch(_ dice: inout DemoDice) -> String {
        while true {
            let body = dice.digits(8)
            let check = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
            if check < 10 { return "NL" + body + String(check) + "B0" + String(dice.int(1...9)) }
        }
    }
    private static func british(_ digits: String) -> String {
        let rest = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 97
        return "GB" + digits + padded(97 - rest, 2)
    }
    private static func greek(_ digits: String) -> String {
        "EL" + digits + String(weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10)
    }
    private static func polish(_ dice: inout DemoDice) -> String {
        while true {
            let body = dice.digits(9)
            let check = weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11
            if check < 10 { return "PL" + body + String(check) }
        }
    }
    private static func bulgarian(_ digits: String) -> String {
        let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8]) % 11
        return digits + String(check < 10 ? check : weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10)
    }
    private static func swiss(_ dice: inout DemoDice) -> String {
        while true {
            let body = dice.digits(8)
            let check = 11 - weighted(body, [5, 4, 3, 2, 7, 6, 5, 4]) % 11
            if check != 10 { return "CHE" + body + String(check % 11) + "MWST" }
        }
    }
}

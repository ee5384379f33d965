/// What a password has to be: long, not known to everybody, and not about its owner. No rules about kinds of characters, and no
/// changing it by the calendar.
///
/// Source: NIST SP 800-63B, section 5.1.1.2 (length, comparison with known passwords and with words of the context, no composition
/// rules, no hints); the least length is ours.
public enum PasswordRule {
    public static let least = 12
    public static let most = 256

    /// Everything that is wrong with it. Characters are counted as Unicode scalars. `about` are the user's name, mail and such.
    public static func problems(_ password: String, about: [String] = []) -> [AccessRefusal] {
        let count = password.unicodeScalars.count
        guard count >= least else { return [.shortPassword(count)] }
        guard count <= most else { return [.longPassword(count)] }
        var found: [AccessRefusal] = []
        if isObvious(password) { found.append(.obviousPassword) }
        if holdsName(password, about) { found.append(.passwordHoldsName) }
        return found
    }

    /// Known, or made of one known word and figures, of a run of the keyboard or the alphabet, or of very few characters.
    static func isObvious(_ password: String) -> Bool {
        let lower = password.lowercased()
        let plain = String(lower.unicodeScalars.map { Character(spelled[$0] ?? $0) })
        let letters = plain.filter(\.isLetter)
        if known.contains(lower) || Set(plain).count < 5 { return true }
        if isWords(letters) { return true }
        return runs.contains { run in
            let twice = run + run
            let back = String(twice.reversed())
            return lower.count <= twice.count && (twice.contains(lower) || back.contains(lower))
        }
    }

    /// Nothing but known words, one after the other.
    private static func isWords(_ letters: String) -> Bool {
        var rest = letters[...]
        while !rest.isEmpty {
            guard let word = words.first(where: { rest.hasPrefix($0) }) else { return false }
            rest = rest.dropFirst(word.count)
        }
        return true
    }

    private static func holdsName(_ password: String, _ about: [String]) -> Bool {
        let plain = password.lowercased()
        return about.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } }
            .contains { $0.count >= 4 && plain.contains($0) }
    }

    /// Signs that stand for letters.
    private static let spelled: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i",
    ]
    private static let runs = [
        "1234567890", "0987654321", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn",
        "1q2w3e4r5t6z7u8i9o0p",
    ]
    /// The longest first, so that `passwort` is not taken for `pass` and a rest.
    private static let words = [
        "password", "passwort", "kennwort", "geheim", "secret", "welcome", "willkommen", "letmein", "iloveyou",
        "ichliebedich", "administrator", "admin", "root", "user", "benutzer", "login", "hallo", "hello", "test",
        "changeme", "default", "master", "dragon", "monkey", "football", "baseball", "fussball", "superman", "batman",
        "sunshine", "princess", "shadow", "qwerty", "qwertz", "azerty", "asdf", "yxcv", "zxcv", "abc", "trustno",
        "summer", "winter", "spring", "autumn", "sommer", "herbst", "fruehling", "january", "february", "montag",
        "monday", "freitag", "friday", "schatz", "starwars", "computer", "internet", "company", "firma", "invoice",
        "rechnung", "billing", "duly", "pass", "oi", "i", "o", "a", "s", "e", "t",
    ].sorted { $0.count > $1.count }
    private static let known: Set<String> = [
        "correcthorsebatterystaple", "correct horse battery staple", "thisismypassword", "nopasswordhere",
        "unbelievable", "whatsoever12", "mypassword123", "meinpasswort", "meinpasswort1", "ilovemyfamily",
        "thequickbrownfox", "openthisdoor", "donotenter12", "givemeaccess", "chelseafc123", "liverpoolfc1",
        "manchesterunited", "bayernmuenchen", "borussiadortmund", "gemeinsamstark", "michaeljackson",
        "harrypotter1", "lordoftherings", "gameofthrones", "christopher1", "mynameisjohn", "jesuschrist1",
        "jesusisking1", "mercedesbenz", "playstation2", "playstation3", "playstation4", "playstation5",
    ]
}

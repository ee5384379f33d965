import Web

/// The cookies of a sign-in.
public enum SessionCookie {
    /// Of a session.
    public static let name = "duly_session"
    /// Between password and code; only the sign-in sees it.
    public static let half = "duly_sign_in"

    /// The value of a cookie in a request.
    public static func read(_ name: String, from request: WebRequest) -> String? {
        for pair in (request.header("cookie") ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].trimmingPrefix(while: \.isWhitespace) == name { return String(parts[1]) }
        }
        return nil
    }

    /// `life` in seconds; 0 takes it away.
    static func write(_ name: String, _ value: String, path: String = "/", life: Int, isSecure: Bool) -> (
        String, String
    ) {
        (
            "Set-Cookie",
            "\(name)=\(value); Path=\(path); Max-Age=\(life); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
        )
    }
}

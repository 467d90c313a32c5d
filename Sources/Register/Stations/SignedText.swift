import Ledger

extension Register {
  /// `text` as this station vouches for it: a last line `signed <station> <signature>`, Ed25519 over all bytes before
  /// that line, base64url. Nobody mistakes it for a commit: those are one line of JSON.
  public func signed(_ text: String) throws(RegisterFault) -> String {
    do {
      let body = text.hasSuffix("\n") ? text : text + "\n"
      let signature = try folder.key(of: station).signature(for: Array(body.utf8))
      return body + "signed \(station) \(Base64.url(signature))\n"
    } catch { throw RegisterFault(error) }
  }
}

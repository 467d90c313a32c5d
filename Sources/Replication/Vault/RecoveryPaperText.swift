import Ledger

extension RecoveryPaper {
  private static let french = """
    PERMANENCE : CLÉ DE SECOURS

    Cette feuille rouvre l'hôpital quand il ne reste que le coffre (les copies scellées).
    Qui la tient lit tout : imprimez-la, mettez-la sous enveloppe dans un coffre-fort, effacez le fichier.
    Pour restaurer, sur un ordinateur vide, avec le coffre :

        permanence restore --from DOSSIER --key FICHIER

    FICHIER est ce texte, ou seulement les lignes R1 à R3 (et A1 à A3) tapées depuis le papier. Majuscules ou
    minuscules, O pour 0, I ou L pour 1, avec ou sans espaces : le programme dit quelle ligne ne va pas.
    Le dernier caractère de chaque ligne (parfois * ~ $ = U) la vérifie : tapez-le aussi.
    """
  private static let english = """
    PERMANENCE: RECOVERY KEY

    This sheet opens the hospital again when nothing is left but the vault (the sealed copies).
    Whoever holds it reads everything: print it, put it in an envelope in a safe, erase the file.
    To restore, on an empty computer, with the vault:

        permanence restore --from FOLDER --key FILE

    FILE is this text, or only the lines R1 to R3 (and A1 to A3) typed from the paper. Upper or lower case,
    O for 0, I or L for 1, with or without spaces: the program says which line is wrong.
    The last character of each line (sometimes * ~ $ = U) checks it: type it too.
    """

  /// The whole file, to be written with mode 0600 and printed.
  /// - Parameter qr: draws what it is given as the rows of a QR, `true` where it is dark; nil draws none.
  public func text(qr: ((String) -> [[Bool]])?) -> String {
    var lines = [Self.french, "", Self.english, ""]
    lines.append("\(Self.hospitalLabel) \(hospital.split(whereSeparator: \.isNewline).joined(separator: " "))")
    lines.append("\(Self.fingerprintLabel) \(grouped(rootFingerprint))")
    lines += reserve.map { "\(Self.reserveLabel) \($0)" }
    lines += secret("CLÉ DE SECOURS / RECOVERY KEY", recovery, qr: qr)
    if let root { lines += secret("CLÉ RACINE DE L'HÔPITAL / THE HOSPITAL'S ROOT KEY", root, qr: qr) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func secret(_ title: String, _ secret: PaperSecret, qr: ((String) -> [[Bool]])?) -> [String] {
    ["", title, ""] + secret.lines + ["", secret.compact, ""] + (qr.map { BlockDrawing.rows($0(secret.compact)) } ?? [])
  }

  private func grouped(_ digits: String) -> String {
    let all = Array(digits)
    return stride(from: 0, to: all.count, by: 8).map { String(all[$0..<min($0 + 8, all.count)]) }
      .joined(separator: " ")
  }
}

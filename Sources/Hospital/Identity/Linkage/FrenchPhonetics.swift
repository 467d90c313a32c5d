/// A code that names pronounced alike in French share: DUPONT and DUPOND, GAUTHIER and GOTIER, RENAULT and RENO.
///
/// Letters of the code: `A E I O U`, `W` for ou, `1` for in, ein, ain and un, `2` for an and en, `3` for on, `C` for ch,
/// `N` for gn as well, and one letter for each other consonant; s and z are one.
public struct FrenchPhonetics {
  private let letters: [UInt8]
  private var position = 0
  private var code: [UInt8] = []

  /// Code of one folded word; the word itself if it is not of Latin letters.
  public static func code(_ word: String) -> String {
    guard !word.isEmpty, word.utf8.allSatisfy({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else {
      return word
    }
    var phonetics = FrenchPhonetics(Array(word.utf8))
    while phonetics.position < phonetics.letters.count { phonetics.step() }
    let code = phonetics.code.isEmpty ? Array(word.utf8) : phonetics.code
    return String(decoding: code, as: UTF8.self)
  }

  private init(_ word: [UInt8]) { letters = Self.withoutSilentEnding(word) }

  // MARK: Endings

  /// Longest first. An ending must leave two letters. `e` is a mute e: not spoken, but a vowel to what precedes it.
  private static let endings: [(ending: [UInt8], spoken: [UInt8])] = [
    ("EAULT", "O"), ("EAUX", "O"), ("EAUD", "O"), ("EAUT", "O"), ("AULT", "O"), ("AULD", "O"), ("AULX", "O"),
    ("AUX", "O"), ("AUD", "O"), ("AUT", "O"), ("OTS", "O"), ("OT", "O"), ("OST", "O"), ("OD", "O"), ("OS", "O"),
    ("ENTS", "EN"), ("ENT", "EN"), ("ANDS", "AN"), ("AND", "AN"), ("ANTS", "AN"), ("ANT", "AN"), ("ANS", "AN"),
    ("ENS", "EN"), ("ONDS", "ON"), ("OND", "ON"), ("ONTS", "ON"), ("ONT", "ON"), ("ONS", "ON"), ("INTS", "IN"),
    ("INT", "IN"), ("INS", "IN"), ("ANC", "AN"), ("ANG", "AN"), ("ONG", "ON"), ("EMPS", "EN"), ("AMPS", "AN"),
    ("OMBS", "ON"), ("OMB", "ON"), ("OURS", "OUR"), ("OURG", "OUR"), ("OURT", "OUR"), ("OURD", "OUR"),
    ("IERS", "IE"), ("IER", "IE"), ("IEZ", "IE"), ("ERS", "ER"), ("ERT", "ER"), ("ERD", "ER"), ("ERC", "ER"),
    ("ARTS", "AR"), ("ART", "AR"), ("ARDS", "AR"), ("ARD", "AR"), ("ORTS", "OR"), ("ORT", "OR"), ("ORD", "OR"),
    ("ORS", "OR"), ("ETS", "E"), ("ET", "E"), ("EY", "E"), ("AY", "E"), ("AIS", "E"), ("AIT", "E"), ("AIX", "E"),
    ("EZ", "E"), ("ER", "E"), ("EES", "E"), ("EE", "E"), ("IES", "I"), ("IE", "I"), ("IS", "I"), ("IT", "I"),
    ("IX", "I"), ("AS", "A"), ("AT", "A"), ("AZ", "A"), ("US", "U"), ("UT", "U"), ("UES", "U"), ("UE", "U"),
    ("OUX", "OU"), ("OUS", "OU"), ("OUT", "OU"), ("OIS", "OI"), ("OIT", "OI"), ("OIX", "OI"), ("ES", "e"), ("E", "e"),
    ("TT", "T"), ("DT", "T"), ("ERCQ", "ER"),
    ("X", ""), ("Z", ""), ("S", ""), ("T", ""), ("D", ""), ("P", ""),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }.sorted { $0.0.count > $1.0.count }

  private static func withoutSilentEnding(_ word: [UInt8]) -> [UInt8] {
    for (ending, spoken) in endings where word.count >= ending.count + 2 && word.suffix(ending.count) == ending[...] {
      // The U of a final QUE or GUE belongs to its consonant.
      let before = word[word.count - ending.count - 1]
      let isHard = before == UInt8(ascii: "Q") || before == UInt8(ascii: "G")
      if isHard && ending.first == UInt8(ascii: "U") { return word.dropLast(ending.count) + "Ue".utf8 }
      return word.dropLast(ending.count) + spoken
    }
    return word
  }

  // MARK: Rules

  private func at(_ offset: Int) -> Unicode.Scalar {
    let index = position + offset
    return letters.indices.contains(index) ? Unicode.Scalar(letters[index]) : " "
  }

  private func starts(with text: StaticString) -> Bool {
    guard position + text.utf8CodeUnitCount <= letters.count else { return false }
    for offset in 0..<text.utf8CodeUnitCount where letters[position + offset] != text.utf8Start[offset] { return false }
    return true
  }

  private func isVowel(_ letter: Unicode.Scalar) -> Bool {
    switch letter {
    case "A", "E", "I", "O", "U", "Y", "e": true
    default: false
    }
  }

  private mutating func say(_ sound: StaticString, taking count: Int) {
    for offset in 0..<sound.utf8CodeUnitCount {
      let letter = sound.utf8Start[offset]
      if code.last != letter { code.append(letter) }
    }
    position += count
  }

  private mutating func step() {
    if at(0) == "e" { position += 1 } else if isVowel(at(0)) { vowel() } else { consonant() }
  }

  /// The vowel and N or M are one nasal vowel unless a vowel or another N or M follows.
  private func isNasal(after count: Int) -> Bool {
    let nasal = at(count)
    guard nasal == "N" || nasal == "M" else { return false }
    let next = at(count + 1)
    return !isVowel(next) && next != "N" && next != "M" && next != "H"
  }

  private mutating func vowel() {
    if starts(with: "EAU") { return say("O", taking: 3) }
    if starts(with: "OEU") { return say("E", taking: 3) }
    if starts(with: "OIN") && isNasal(after: 2) { return say("W1", taking: 3) }
    if (starts(with: "EAN") || starts(with: "AEN")) && isNasal(after: 2) { return say("2", taking: 3) }
    if starts(with: "AI") || starts(with: "EI") || starts(with: "AY") || starts(with: "EY") {
      return isNasal(after: 2) ? say("1", taking: 3) : say("E", taking: 2)
    }
    if starts(with: "IEN") && isNasal(after: 2) { return say("I1", taking: 3) }
    if starts(with: "YEN") && isNasal(after: 2) { return say("I1", taking: 3) }
    if starts(with: "AU") { return say("O", taking: 2) }
    if starts(with: "OU") { return say("W", taking: 2) }
    if starts(with: "OI") || starts(with: "OY") { return say("WA", taking: 2) }
    if starts(with: "EU") || starts(with: "OE") || starts(with: "AE") { return say("E", taking: 2) }
    if starts(with: "UY") || starts(with: "UI") { return say("UI", taking: 2) }
    single()
  }

  private mutating func single() {
    let nasal = isNasal(after: 1)
    switch at(0) {
    case "A": nasal ? say("2", taking: 2) : say("A", taking: 1)
    case "E": nasal ? say("2", taking: 2) : say("E", taking: 1)
    case "I", "Y": nasal ? say("1", taking: 2) : say("I", taking: 1)
    case "O": nasal ? say("3", taking: 2) : say("O", taking: 1)
    default: nasal ? say("1", taking: 2) : say("U", taking: 1)
    }
  }

  private mutating func consonant() {
    switch at(0) {
    case "B": at(1) == "V" ? say("V", taking: 2) : say("B", taking: 1)
    case "C": sayC()
    case "D": say("D", taking: at(1) == "H" ? 2 : 1)
    case "F": say("F", taking: 1)
    case "G": sayG()
    case "H": position += 1
    case "J": say("J", taking: 1)
    case "L": sayL()
    case "M": say("M", taking: 1)
    case "N": say("N", taking: 1)
    case "P": at(1) == "H" ? say("F", taking: 2) : say("P", taking: 1)
    case "Q": say("K", taking: at(1) == "U" ? 2 : 1)
    case "R": say("R", taking: at(1) == "H" ? 2 : 1)
    case "S": sayS()
    case "T": sayT()
    case "V", "W": say("V", taking: 1)
    case "X": say("KS", taking: 1)
    case "Z": say("S", taking: 1)
    default: say("K", taking: 1)
    }
  }

  private func softens(_ letter: Unicode.Scalar) -> Bool {
    switch letter {
    case "E", "I", "Y", "e": true
    default: false
    }
  }

  private mutating func sayC() {
    if at(1) == "H" { return isVowel(at(2)) || at(2) == " " ? say("C", taking: 2) : say("K", taking: 2) }
    if at(1) == "K" { return say("K", taking: 2) }
    if at(1) == "Q" { return say("K", taking: 1) }
    if at(1) == "C" { return softens(at(2)) ? say("KS", taking: 2) : say("K", taking: 2) }
    softens(at(1)) ? say("S", taking: 1) : say("K", taking: 1)
  }

  private mutating func sayG() {
    if at(1) == "N" { return say("N", taking: 2) }
    if at(1) == "U" && softens(at(2)) { return say("G", taking: 2) }
    if at(1) == "H" { return say("G", taking: 2) }
    if at(1) == "E" && (at(2) == "A" || at(2) == "O" || at(2) == "U") { return say("J", taking: 2) }
    softens(at(1)) ? say("J", taking: 1) : say("G", taking: 1)
  }

  /// After I, LL is a half-vowel: Guillaume, Camille; not in VILLE.
  private mutating func sayL() {
    let before = position > 0 ? Unicode.Scalar(letters[position - 1]) : " "
    let isVille = position > 1 && letters[position - 2] == UInt8(ascii: "V")
    if before == "I", at(1) == "L", !isVille, isVowel(at(2)) || at(2) == " " { return say("I", taking: 2) }
    say("L", taking: 1)
  }

  private mutating func sayS() {
    if at(1) == "C" && at(2) == "H" { return say("C", taking: 3) }
    if at(1) == "H" { return say("C", taking: 2) }
    if at(1) == "C" && softens(at(2)) { return say("S", taking: 2) }
    say("S", taking: 1)
  }

  private mutating func sayT() {
    if at(1) == "H" { return say("T", taking: 2) }
    if at(1) == "C" && at(2) == "H" { return say("C", taking: 3) }
    say("T", taking: 1)
  }
}

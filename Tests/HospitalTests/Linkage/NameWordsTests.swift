import Hospital
import Testing

struct NameWordsTests {
  @Test(arguments: [
    ("Élodie", ["ELODIE"]),
    ("e\u{301}tienne", ["ETIENNE"]),
    ("Jean-Pierre", ["JEAN", "PIERRE"]),
    ("  d'Œuvre   ", ["D", "OEUVRE"]),
    ("d’Aubigné", ["D", "AUBIGNE"]),
    ("Lætitia", ["LAETITIA"]),
    ("Straße", ["STRASSE"]),
    ("Nguyễn Thị Ơn", ["NGUYEN", "THI", "ON"]),
    ("Søren Łukasz Đặng", ["SOREN", "LUKASZ", "DANG"]),
    ("St-Exupéry", ["SAINT", "EXUPERY"]),
    ("Ste Marie", ["SAINTE", "MARIE"]),
    ("иванов", ["ИВАНОВ"]),
    ("a\u{202E}b\u{200B}c", ["ABC"]),
    ("<script>", ["SCRIPT"]),
    ("--''  ", []),
    ("", []),
  ])
  func folds(name: String, words: [String]) {
    #expect(NameWords(name).words == words)
  }

  @Test(arguments: [
    ("Le Goff", ["LEGOFF", "GOFF"]),
    ("de la Tour", ["DELATOUR", "TOUR"]),
    ("Martin-Dupont", ["MARTINDUPONT", "MARTIN", "DUPONT"]),
    ("Dupont de Nemours", ["DUPONTDENEMOURS", "DUPONT", "NEMOURS", "DENEMOURS"]),
    ("Martin", ["MARTIN"]),
    ("Le", ["LE"]),
  ])
  func isFoundByEachPart(name: String, findable: [String]) {
    #expect(NameWords(name).findable == findable)
  }

  @Test func aNameOfOnlyParticlesKeepsThem() {
    #expect(NameWords("Le").core == ["LE"])
    #expect(NameWords("Van Den").core == ["VAN", "DEN"])
    #expect(NameWords("Le Goff").core == ["GOFF"])
  }

  @Test func hostileLengthsAreCut() {
    let words = NameWords(String(repeating: "a b ", count: 10_000) + String(repeating: "x", count: 10_000)).words
    #expect(words.count == 12)
    #expect(NameWords(String(repeating: "é", count: 10_000)).words == [String(repeating: "E", count: 40)])
  }
}

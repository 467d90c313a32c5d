import Hospital
import Ledger
import Testing

/// Lists as main systems and spreadsheets write them.
struct RecoveredFileTests {
  private static let today = CivilDate(year: 2022, month: 8, day: 21)

  private func read(_ text: String) throws -> RecoveredFile {
    try RecoveredFile(DelimitedText(Array(text.utf8)), today: #require(Self.today))
  }

  @Test(arguments: [
    "IPP;Nom de naissance;Prénom;Date de naissance;Sexe\n7100;LÉVÊQUE;ZOÉ;12/03/1961;F\n",
    "ipp,NOM_NAISSANCE,prenom,date_naissance,sexe\r\n7100,LÉVÊQUE,ZOÉ,1961-03-12,2\r\n",
    "IPP\tbirthName\tbirthGivenName\tbirthDate\tsex\n7100\t\"LÉVÊQUE\"\tZOÉ\t12031961\tfemme",
  ])
  func oneIdentity(_ text: String) throws {
    let file = try read(text)
    #expect(file.kind == .identities && file.aside.isEmpty)
    let row = try #require(file.rows.first)
    #expect(row.line == 2 && row.number == "7100")
    #expect(
      row.values.map { "\($0.key)=\($0.value)" }
        == ["birthName=LÉVÊQUE", "birthGivenName=ZOÉ", "birthDate=1961-03-12", "sex=F"])
  }

  @Test func latinOne() throws {
    let bytes = Array("IPP;Pr".utf8) + [0xE9] + Array("nom\n1;ZO".utf8) + [0xC9] + Array("\n".utf8)
    let file = try RecoveredFile(DelimitedText(bytes), today: #require(Self.today))
    #expect(file.rows.first?.values.first?.value == "ZOÉ")
  }

  @Test func stays() throws {
    let file = try read("NDA;IPP;Statut;UF;Lit;Sortie\n72;7100;Présent;4EST;1;\n73;7101;sorti;;;21/08/2022\n")
    #expect(file.kind == .stays)
    #expect(file.rows.map(\.number) == ["72", "73"])
    #expect(file.rows[1].values.map(\.value) == ["7101", "discharged", "21/08/2022"])
  }

  /// A bad row stops no other, and says where it is.
  @Test func badRowsAreAside() throws {
    let file = try read(
      "IPP;Nom;Date de naissance;Sexe\n\n1;A;31/02/1961;F\n;B;1961;F\n\"2\";\"C\nD\";1961;F\n3;E;1961;X\n"
        + "2;F;1961;F\n4;G;1961;F;;trop\n5;H;1961;M\n"
    )
    #expect(file.rows.map(\.number) == ["2", "5"])
    #expect(
      file.aside.map { "\($0.line) \($0.reason)" }
        == ["3 date", "4 number-missing", "7 sex", "8 number-twice", "9 columns"])
    #expect(file.rows.map(\.line) == [5, 10])
  }

  @Test func aListWithoutNumbersIsRefused() throws {
    #expect(throws: Refusal("return-columns", field: "file")) { try read("Nom;Sexe\nA;F\n") }
  }

  /// No part exceeds what one line of the ledger holds, and the last one ends it.
  @Test func partsOfALongList() throws {
    let rows = (1...1203).map { "\($0);NOM\($0 % 7)" }.joined(separator: "\n")
    let parts = TakeRecovered.parts(of: try read("IPP;Nom\n\(rows)"), name: "l.csv", reading: "recovery/1")
    let facts = try parts.map { try $0.decide(MemoryWorld(), MemoryWorld().moment(.night, "system")).facts }
    #expect(facts.map(\.count) == [500, 500, 204, 1])
    #expect(facts[0][0].kind == "recovery.begun" && facts[3][0].kind == "recovery.ended")
    #expect(facts[3][0].data["rows"]?.integer == 1203)
  }
}

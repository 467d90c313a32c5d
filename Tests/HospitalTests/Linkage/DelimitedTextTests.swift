import Hospital
import Testing

struct DelimitedTextTests {
  @Test(arguments: [
    "id,name\n1,Martin\n", "id;name\r\n1;Martin\r\n", "id\tname\r1\tMartin", "\u{FEFF}id|name\n\n1|Martin\n\n",
    "\"id\",\"name\"\n\"1\",\"Martin\"",
  ])
  func readsWhatSpreadsheetsWrite(text: String) {
    let table = DelimitedText(Array(text.utf8))
    #expect(table.header == ["id", "name"])
    #expect(table.rows == [["1", "Martin"]])
  }

  @Test func quotedFieldsKeepTheirSeparatorsAndLines() {
    let table = DelimitedText(Array("id,name\n1,\"Martin, dit \"\"Loulou\"\"\nsuite\"\n2,\n".utf8))
    #expect(table.rows == [["1", "Martin, dit \"Loulou\"\nsuite"], ["2", ""]])
    #expect(table.lines == [2, 4] && table.unclosed.isEmpty)
  }

  /// Of a quote that nothing closes its own line alone is told, and every other row is there.
  @Test(arguments: [
    "id;name\n1;\"Martin\n2;Durand\n3;Petit\n", "id;name\n1;\"Martin\n2;\"Durand\"\n3;\"Petit\"\n",
    "id;name\r\n1;\"Martin\r\n2;\"\"\"Durand\"\r\n3;Petit", "id;name\r1;\"Martin\r2;Durand\r3;Petit",
    "id;name\n1;\"Mar\"\"tin\n2;Durand\n3;Petit",
  ])
  func aQuoteThatNothingClosesEndsWithItsLine(text: String) {
    let table = DelimitedText(Array(text.utf8))
    #expect(table.rows.map { $0[0] } == ["1", "2", "3"])
    #expect(table.lines == [2, 3, 4] && table.unclosed == [2])
    #expect(table.rows[2] == ["3", "Petit"])
  }

  @Test func eachQuoteThatNothingClosesIsTold() {
    let text = "id;name\n" + (1...500).map { "\($0);\($0.isMultiple(of: 3) ? "\"" : "")Martin\n" }.joined()
    let table = DelimitedText(Array(text.utf8))
    #expect(table.rows.count == 500)
    #expect(table.unclosed == Set((1...500).filter { $0.isMultiple(of: 3) }.map { $0 + 1 }))
  }

  @Test func whatIsNotUTF8IsWindows1252() {
    let table = DelimitedText(Array("id;name\n1;Andr".utf8) + [0xE9, 0x20, 0x9C])
    #expect(table.rows == [["1", "André œ"]])
    #expect(DelimitedText([]).header == [])
  }

  @Test func columnsBecomeTraits() throws {
    let table = DelimitedText(
      Array("rec;nom;prenom;ne;no;rue;tel\n7; Martin ;Louise;12/03/1961;12;rue des Lilas;0612345678\n8;;;;;;\n".utf8))
    let columns = try LinkColumns(
      "id=rec,birthName=nom,birthGivenName=prenom,birthDate=ne,address=no,address=rue,phone=tel")
    let records = try columns.records(table)
    var expected = LinkRecord(id: "7")
    expected.birthName = "Martin"
    expected.birthGivenName = "Louise"
    expected.birthDate = "12/03/1961"
    expected.addressLines = ["12", "rue des Lilas"]
    expected.phones = ["0612345678"]
    #expect(records == [expected, LinkRecord(id: "8")])
  }

  @Test func wrongColumnsAreSaid() throws {
    #expect(throws: LinkColumns.Failure.unreadable("id")) { try LinkColumns("id") }
    #expect(throws: LinkColumns.Failure.unreadable("")) { try LinkColumns("") }
    #expect(throws: LinkColumns.Failure.unknownTrait("colour")) { try LinkColumns("id=a,colour=b") }
    let columns = try LinkColumns("id=a,birthName=b")
    #expect(throws: LinkColumns.Failure.noColumn("b")) { try columns.records(DelimitedText(Array("a\n1".utf8))) }
  }
}

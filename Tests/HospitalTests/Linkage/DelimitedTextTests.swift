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

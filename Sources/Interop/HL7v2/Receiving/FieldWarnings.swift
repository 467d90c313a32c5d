import Hospital

/// Warnings that many fields share; the sentence names the field.
extension Warning {
  static func codeUnknown(_ field: String) -> Warning {
    Warning("hl7.code-unknown", field: field, ["field": field])
  }

  static func fieldMissing(_ field: String) -> Warning {
    Warning("hl7.field-missing", field: field, ["field": field])
  }

  static func fieldTooLong(_ field: String) -> Warning {
    Warning("hl7.field-too-long", field: field, ["field": field])
  }

  /// Of a name, so many filled fields stand beyond those that are kept.
  static func tooManyFields(_ segment: String, _ count: Int) -> Warning {
    Warning(
      "hl7.too-many-fields", field: segment,
      ["segment": segment, "most": String(MessageTranslation.fieldsMax), "count": String(count)])
  }

  /// Of a name, so many segments come behind those that are kept.
  static func tooManySegments(_ segment: String, _ count: Int) -> Warning {
    Warning(
      "hl7.too-many-segments", field: segment,
      ["segment": segment, "most": String(MessageTranslation.segmentsMax), "count": String(count)])
  }
}

import ezvcard.Ezvcard;
import ezvcard.VCard;
import ezvcard.io.json.JCardReader;
import ezvcard.io.scribe.ScribeIndex;
import ezvcard.property.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.*;

/**
 * Reads contact files with ez-vcard: a card in base64 on each line of input, on each line of output its properties as
 * JSON: name, types, parts of the value.
 */
class Read {
  static final ScribeIndex SCRIBES = new ScribeIndex();

  public static void main(String[] arguments) throws IOException {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
    for (String line; (line = input.readLine()) != null; ) {
      String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
      VCard card = text.startsWith("[") ? new JCardReader(text).readNext() : Ezvcard.parse(text).first();
      StringJoiner rows = new StringJoiner(",", "[", "]");
      rows.add(row("VERSION", List.of(), List.of(card.getVersion().getVersion())));
      for (VCardProperty property : card.getProperties()) {
        List<String> types = new ArrayList<>(property.getParameters().getTypes());
        if (property.getParameters().getPref() != null) types.add("PREF");
        rows.add(row(name(property), types, parts(property)));
      }
      output.println(rows);
    }
  }

  static String name(VCardProperty property) {
    if (property instanceof RawProperty) return ((RawProperty) property).getPropertyName();
    return SCRIBES.getPropertyScribe(property).getPropertyName();
  }

  static List<String> parts(VCardProperty property) {
    if (property instanceof StructuredName) {
      StructuredName name = (StructuredName) property;
      return texts(name.getFamily(), name.getGiven(), String.join(",", name.getAdditionalNames()),
          String.join(",", name.getPrefixes()), String.join(",", name.getSuffixes()));
    }
    if (property instanceof Address) {
      Address place = (Address) property;
      return texts(place.getPoBox(), place.getExtendedAddress(), place.getStreetAddress(), place.getLocality(),
          place.getRegion(), place.getPostalCode(), place.getCountry());
    }
    if (property instanceof Telephone) {
      Telephone phone = (Telephone) property;
      return texts(phone.getText() != null ? phone.getText() : phone.getUri().getNumber());
    }
    if (property instanceof Photo) {
      Photo photo = (Photo) property;
      property.getParameters().setType(photo.getContentType().getValue());
      return texts(Base64.getEncoder().encodeToString(photo.getData()));
    }
    if (property instanceof DateOrTimeProperty) {
      DateOrTimeProperty date = (DateOrTimeProperty) property;
      if (date.getPartialDate() != null) return texts(date.getPartialDate().toISO8601(true));
      if (date.getDate() != null) return texts(new SimpleDateFormat("yyyy-MM-dd").format(date.getDate()));
      return texts(date.getText());
    }
    if (property instanceof Revision) {
      SimpleDateFormat format = new SimpleDateFormat("yyyyMMdd'T'HHmmss'Z'");
      format.setTimeZone(TimeZone.getTimeZone("UTC"));
      return texts(format.format(((Revision) property).getValue()));
    }
    if (property instanceof TextListProperty) return ((TextListProperty) property).getValues();
    if (property instanceof RawProperty) return texts(((RawProperty) property).getValue());
    return texts(String.valueOf(((SimpleProperty<?>) property).getValue()));
  }

  static List<String> texts(String... values) {
    List<String> texts = new ArrayList<>();
    for (String value : values) texts.add(value == null ? "" : value);
    return texts;
  }

  static String row(String name, List<String> types, List<String> parts) {
    return "[" + quoted(name) + "," + listed(types) + "," + listed(parts) + "]";
  }

  static String listed(List<String> values) {
    StringJoiner list = new StringJoiner(",", "[", "]");
    for (String value : values) list.add(quoted(value));
    return list.toString();
  }

  static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (char sign : value.toCharArray()) {
      boolean isPlain = sign >= ' ' && sign < 127 && sign != '"' && sign != '\\';
      text.append(isPlain ? String.valueOf(sign) : String.format("\\u%04x", (int) sign));
    }
    return text.append('"').toString();
  }
}

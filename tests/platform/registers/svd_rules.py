"""The rules of CMSIS-SVD (CMSIS-SVD.xsd 1.3.8 of April 2022: elements, their order, their words and
patterns), and what the schema cannot say: unique names, no overlap, what fits where."""
import re
import xml.etree.ElementTree as ElementTree

PROPERTIES = ["size", "access", "protection", "resetValue", "resetMask"]
DIMENSION = ["dim", "dimIncrement", "dimIndex", "dimName", "dimArrayIndex"]
ORDER = {
    "device": ["vendor", "vendorID", "name", "series", "version", "description", "licenseText",
               "cpu", "headerSystemFilename", "headerDefinitionsPrefix", "addressUnitBits",
               "width", *PROPERTIES, "peripherals", "vendorExtensions"],
    "peripherals": ["peripheral"],
    "peripheral": [*DIMENSION, "name", "version", "description", "alternatePeripheral",
                   "groupName", "prependToName", "appendToName", "headerStructName",
                   "disableCondition", "baseAddress", *PROPERTIES, "addressBlock", "interrupt",
                   "registers"],
    "addressBlock": ["offset", "size", "usage", "protection"],
    "interrupt": ["name", "description", "value"],
    "cluster": [*DIMENSION, "name", "description", "alternateCluster", "headerStructName",
                "addressOffset", *PROPERTIES, "register"],
    "register": [*DIMENSION, "name", "displayName", "description", "alternateGroup",
                 "alternateRegister", "addressOffset", "size", "access", "protection",
                 "resetValue", "resetMask", "dataType", "modifiedWriteValues",
                 "writeConstraint", "readAction", "fields"],
    "fields": ["field"],
    "field": [*DIMENSION, "name", "description", "bitOffset", "bitWidth", "access",
              "modifiedWriteValues", "writeConstraint", "readAction", "enumeratedValues"],
    "enumeratedValues": ["name", "headerEnumName", "usage", "enumeratedValue"],
    "enumeratedValue": ["name", "description", "value"],
}
NEEDED = {
    "device": ["name", "version", "description", "addressUnitBits", "width", "peripherals"],
    "peripheral": ["name", "baseAddress", "addressBlock", "registers"],
    "addressBlock": ["offset", "size", "usage"],
    "interrupt": ["name", "value"],
    "cluster": ["name", "addressOffset", "register"],
    "register": ["name", "addressOffset"],
    "field": ["name", "bitOffset", "bitWidth"],
    "enumeratedValues": ["enumeratedValue"],
    "enumeratedValue": ["name", "value"],
    "peripherals": ["peripheral"], "fields": ["field"], "registers": ["register"],
}
REPEATED = {"peripheral", "addressBlock", "interrupt", "register", "cluster", "field",
            "enumeratedValues", "enumeratedValue"}
WORDS = {
    "access": {"read-only", "write-only", "read-write", "writeOnce", "read-writeOnce"},
    "modifiedWriteValues": {"oneToClear", "oneToSet", "oneToToggle", "zeroToClear", "zeroToSet",
                            "zeroToToggle", "clear", "set", "modify"},
    "readAction": {"clear", "set", "modify", "modifyExternal"},
    "usage": {"registers", "buffer", "reserved"},
}
NUMBER = re.compile(r"\+?(0x|0X|#)?[0-9a-fA-F]+[kmgtKMGT]?")
NUMBERS = {"addressUnitBits", "width", "size", "resetValue", "resetMask", "baseAddress",
           "offset", "addressOffset", "dim", "dimIncrement", "bitOffset", "bitWidth"}
IDENTIFIER = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
DIMABLE = re.compile(r"[_A-Za-z][_A-Za-z0-9]*((\[%s\])|(%s[_A-Za-z0-9]*))?")
DIM_INDEX = re.compile(r"[0-9]+-[0-9]+|[A-Z]-[A-Z]|[_0-9a-zA-Z]+(,\s*[_0-9a-zA-Z]+)+")
INHERITED = {"size": 32, "access": "read-write", "resetValue": 0, "resetMask": 0xFFFFFFFF}


def number(text):
    text = text.lstrip("+")
    return int(text[1:], 2) if text.startswith("#") else int(text, 0)


class Checker:
    def __init__(self):
        self.problems = []

    def problem(self, path, what):
        self.problems.append(f"{path}: {what}")

    def form(self, element, path):
        """What CMSIS-SVD.xsd says of one element and those below."""
        tag = element.tag
        if tag == "registers":
            order = ["register", "cluster"]
            places = [0 if child.tag in order else -1 for child in element]
        else:
            order = ORDER.get(tag, [])
            places = [order.index(c.tag) if c.tag in order else -1 for c in element]
        for child, place in zip(element, places):
            if place < 0:
                self.problem(path, f"no {child.tag} belongs here")
        known = [p for p in places if p >= 0]
        if known != sorted(known):
            self.problem(path, "elements are out of order")
        tags = [child.tag for child in element]
        for once in set(tags) - REPEATED:
            if tags.count(once) > 1:
                self.problem(path, f"{once} is there twice")
        for needed in NEEDED.get(tag, []):
            if needed not in tags:
                self.problem(path, f"{needed} is missing")
        for child in element:
            self.text(child, f"{path}/{child.findtext('name', child.tag)}", tag)
            self.form(child, f"{path}/{child.findtext('name', child.tag)}")

    def text(self, element, path, parent):
        tag, text = element.tag, element.text or ""
        if tag in NUMBERS and not NUMBER.fullmatch(text):
            self.problem(path, f"'{text}' is no number")
        if tag in WORDS and text not in WORDS[tag]:
            self.problem(path, f"'{text}' is no {tag}")
        if tag == "name":
            dimable = parent in ("register", "cluster", "peripheral", "field")
            if not (DIMABLE if dimable else IDENTIFIER).fullmatch(text):
                self.problem(path, f"'{text}' is no identifier")
        if tag == "description" and not re.fullmatch(r"[\x20-\xff]+", text):
            self.problem(path, "a description is Latin-1, and not empty")
        if tag == "dimIndex" and not DIM_INDEX.fullmatch(text):
            self.problem(path, f"'{text}' is no dimIndex")

    def unique(self, path, what, names):
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.problem(path, f"two {what} are called {name}")

    def device(self, device):
        if device.tag != "device" or device.get("schemaVersion") != "1.3":
            self.problem("device", "expected <device schemaVersion=\"1.3\">")
        peripherals = device.findall("peripherals/peripheral")
        self.unique("device", "peripherals", [p.findtext("name") for p in peripherals])
        interrupts = device.findall("peripherals/peripheral/interrupt")
        self.unique("device", "interrupts", [i.findtext("name") for i in interrupts])
        self.unique("device", "interrupts", [i.findtext("value") for i in interrupts])
        ranges = []
        inherited = self.properties(device, INHERITED)
        for p in peripherals:
            ranges += self.peripheral(p, self.properties(p, inherited))
        self.overlaps("device", ranges, "address blocks")

    @staticmethod
    def properties(element, inherited):
        own = dict(inherited)
        for key in own:
            text = element.findtext(key)
            if text is not None:
                own[key] = text if key == "access" else number(text)
        return own

    def overlaps(self, path, ranges, what):
        """ranges: (first, end, name)"""
        ordered = sorted(ranges)
        for (_, end, a), (first, _, b) in zip(ordered, ordered[1:]):
            if first < end:
                self.problem(path, f"{what} overlap: {a}, {b}")

    def peripheral(self, p, inherited):
        name, base = p.findtext("name"), number(p.findtext("baseAddress"))
        blocks = [(number(b.findtext("offset")), number(b.findtext("size")))
                  for b in p.findall("addressBlock")]
        if base % 4 or any(offset % 4 for offset, _ in blocks):
            self.problem(name, "the base address is not aligned")
        registers = []
        for child in p.find("registers"):
            registers += self.elements(child, name, inherited, 0)
        self.unique(name, "registers", [r[2] for r in registers])
        self.overlaps(name, registers, "registers")
        for first, end, register in registers:
            if not any(offset <= first and end <= offset + size for offset, size in blocks):
                self.problem(name, f"{register} is outside of the address block")
        return [(base + offset, base + offset + size, name) for offset, size in blocks]

    def elements(self, element, path, inherited, base):
        """(first, end, name) of a register or a cluster, as often as its dim says."""
        own = self.properties(element, inherited)
        offset, name = base + number(element.findtext("addressOffset")), element.findtext("name")
        indices = [""]
        step = 0
        if element.findtext("dim") is not None:
            dim, step = number(element.findtext("dim")), number(element.findtext("dimIncrement"))
            first, last = (element.findtext("dimIndex") or f"0-{dim - 1}").split("-")
            indices = [str(n) for n in range(int(first), int(last) + 1)]
            if len(indices) != dim:
                self.problem(f"{path}/{name}", f"dim is {dim}, dimIndex names {len(indices)}")
        elif "%s" in name:
            self.problem(f"{path}/{name}", "%s without dim")
        found = []
        for n, index in enumerate(indices):
            at, called = offset + n * step, name.replace("%s", index)
            if element.tag == "cluster":
                inside = []
                for child in element.findall("register"):
                    inside += self.elements(child, f"{path}/{called}", own, at)
                if step and any(end > at + step for _, end, _ in inside):
                    self.problem(f"{path}/{called}", "is longer than dimIncrement")
                found += [(a, b, f"{called}.{register}") for a, b, register in inside]
            else:
                self.register(element, f"{path}/{called}", own, at)
                found.append((at, at + own["size"] // 8, called))
        return found

    def register(self, r, path, own, offset):
        bits = own["size"]
        if bits not in (8, 16, 32, 64):
            self.problem(path, f"a register of {bits} bits")
        if offset % (bits // 8):
            self.problem(path, "the offset is not aligned to the register's size")
        for key in ("resetValue", "resetMask"):
            if own[key] >> bits:
                self.problem(path, f"{key} has more than {bits} bits")
        if own["access"] == "write-only" and r.find("readAction") is not None:
            self.problem(path, "a readAction, and nothing to read")
        if own["access"] == "read-only" and r.find("modifiedWriteValues") is not None:
            self.problem(path, "modifiedWriteValues, and nothing to write")
        fields = r.findall("fields/field")
        self.unique(path, "fields", [f.findtext("name") for f in fields])
        ranges = []
        for f in fields:
            first, width = number(f.findtext("bitOffset")), number(f.findtext("bitWidth"))
            ranges.append((first, first + width, f.findtext("name")))
            if width == 0 or first + width > bits:
                self.problem(path, f"field {f.findtext('name')} has no place")
            values = f.findall("enumeratedValues/enumeratedValue")
            self.unique(path, "values", [v.findtext("name") for v in values])
            self.unique(path, "values", [v.findtext("value") for v in values])
            if any(number(v.findtext("value")) >> width for v in values):
                self.problem(path, f"a value of {f.findtext('name')} does not fit")
        self.overlaps(path, ranges, "fields")


def problems(text):
    """All that is wrong with a file, as sentences; none: it is good."""
    try:
        device = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        return [str(error)]
    checker = Checker()
    checker.form(device, "device")
    if not checker.problems:  # numbers can be read and names are there
        checker.device(device)
    return checker.problems

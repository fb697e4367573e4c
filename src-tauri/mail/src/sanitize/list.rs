//! What is allowed. Everything else goes.

/// Elements that stay. Unknown ones are replaced by their content.
pub(super) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "map",
    "mark",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that go with their content.
pub(super) const DROPPED: &[&str] = &[
    "applet", "audio", "base", "basefont", "bgsound", "canvas", "command", "datalist", "dialog", "embed", "frame",
    "frameset", "iframe", "input", "isindex", "keygen", "link", "math", "meta", "meter", "nextid", "noembed",
    "noframes", "noscript", "object", "optgroup", "option", "output", "param", "portal", "progress", "script",
    "select", "slot", "source", "style", "svg", "template", "textarea", "title", "track", "video", "xml",
];

pub(super) const VOID: &[&str] = &["area", "br", "col", "hr", "img", "wbr"];

/// Attributes of every element, whose values are neither addresses nor code.
const GLOBAL: &[&str] = &[
    "align",
    "aria-hidden",
    "aria-label",
    "bgcolor",
    "class",
    "dir",
    "height",
    "hidden",
    "id",
    "lang",
    "role",
    "title",
    "valign",
    "width",
];

/// True where a plain attribute may stay. Addresses and styles are handled apart.
pub(super) fn attribute(element: &str, name: &str) -> bool {
    if GLOBAL.contains(&name) {
        return true;
    }
    let own: &[&str] = match element {
        "img" => &["alt", "border", "hspace", "vspace", "usemap"],
        "table" => &["border", "bordercolor", "cellpadding", "cellspacing", "frame", "rules", "summary"],
        "td" | "th" => {
            &["abbr", "axis", "bordercolor", "char", "charoff", "colspan", "headers", "nowrap", "rowspan", "scope"]
        }
        "tr" | "tbody" | "thead" | "tfoot" => &["bordercolor", "char", "charoff"],
        "col" | "colgroup" => &["span"],
        "font" => &["color", "face", "size"],
        "ol" => &["reversed", "start", "type"],
        "ul" | "menu" | "dir" => &["compact", "type"],
        "li" => &["type", "value"],
        "hr" => &["color", "noshade", "size"],
        "br" => &["clear"],
        "blockquote" => &["type"],
        "a" | "map" => &["name"],
        "area" => &["alt", "coords", "shape"],
        "del" | "ins" | "time" => &["datetime"],
        "details" => &["open"],
        "data" => &["value"],
        "body" => &["text", "link", "vlink", "alink", "leftmargin", "topmargin", "marginwidth", "marginheight"],
        _ => &[],
    };
    own.contains(&name)
}

/// Attributes that hold a colour.
pub(super) const COLOURS: &[&str] = &["bgcolor", "bordercolor", "color", "text", "link", "vlink", "alink"];

/// CSS properties that stay: whole names.
const PROPERTIES: &[&str] = &[
    "align-content",
    "align-items",
    "align-self",
    "aspect-ratio",
    "border-collapse",
    "border-spacing",
    "bottom",
    "box-shadow",
    "box-sizing",
    "break-after",
    "break-before",
    "break-inside",
    "caption-side",
    "clear",
    "clip",
    "color",
    "color-scheme",
    "column-count",
    "column-fill",
    "column-gap",
    "column-rule",
    "column-span",
    "column-width",
    "columns",
    "content",
    "counter-increment",
    "counter-reset",
    "cursor",
    "direction",
    "display",
    "empty-cells",
    "float",
    "gap",
    "height",
    "hyphens",
    "inset",
    "isolation",
    "justify-content",
    "justify-items",
    "justify-self",
    "left",
    "letter-spacing",
    "line-break",
    "line-height",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "mix-blend-mode",
    "object-fit",
    "object-position",
    "opacity",
    "order",
    "orphans",
    "overflow",
    "overflow-wrap",
    "overflow-x",
    "overflow-y",
    "page-break-after",
    "page-break-before",
    "page-break-inside",
    "place-content",
    "place-items",
    "place-self",
    "position",
    "quotes",
    "right",
    "row-gap",
    "tab-size",
    "table-layout",
    "top",
    "transform",
    "transform-origin",
    "unicode-bidi",
    "vertical-align",
    "visibility",
    "white-space",
    "widows",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
    "writing-mode",
    "z-index",
    "zoom",
    "-webkit-text-size-adjust",
    "-ms-text-size-adjust",
    "-webkit-text-fill-color",
    "-webkit-font-smoothing",
    "-webkit-box-shadow",
    "-moz-box-shadow",
    "-webkit-border-radius",
    "-moz-border-radius",
];

/// CSS properties that stay: families.
const FAMILIES: &[&str] =
    &["background", "border", "flex", "font", "grid", "list-style", "margin", "outline", "padding", "text"];

pub(super) fn property(name: &str) -> bool {
    PROPERTIES.contains(&name)
        || FAMILIES
            .iter()
            .any(|family| name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
            && !matches!(name, "border-image" | "border-image-source" | "font-palette" | "text-size-adjust")
}

/// Properties in which an image may stand.
pub(super) fn takes_image(property: &str) -> bool {
    matches!(property, "background" | "background-image" | "list-style" | "list-style-image")
}

/// Properties in which a colour may stand.
pub(super) fn takes_colour(property: &str) -> bool {
    property == "color"
        || property == "column-rule"
        || property == "-webkit-text-fill-color"
        || property == "box-shadow"
        || ["background", "border", "outline", "text-decoration", "text-emphasis"]
            .iter()
            .any(|family| property.starts_with(family))
}

/// CSS functions that stay.
pub(super) fn function(name: &str) -> bool {
    matches!(
        name,
        "rgb"
            | "rgba"
            | "hsl"
            | "hsla"
            | "hwb"
            | "lab"
            | "lch"
            | "oklab"
            | "oklch"
            | "calc"
            | "min"
            | "max"
            | "clamp"
            | "linear-gradient"
            | "radial-gradient"
            | "conic-gradient"
            | "repeating-linear-gradient"
            | "repeating-radial-gradient"
            | "-webkit-linear-gradient"
            | "-moz-linear-gradient"
            | "translate"
            | "translatex"
            | "translatey"
            | "scale"
            | "scalex"
            | "scaley"
            | "rotate"
            | "skew"
            | "skewx"
            | "skewy"
            | "matrix"
            | "rect"
            | "minmax"
            | "repeat"
            | "fit-content"
            | "counter"
            | "counters"
    )
}

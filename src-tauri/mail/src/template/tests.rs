use super::*;

fn columns() -> Vec<String> {
    ["Name", "Ім'я клієнта", "Sum", "Note", "Orders"].map(str::to_owned).to_vec()
}

fn row(pairs: &[(&str, &str)]) -> BTreeMap<String, Quoted> {
    pairs
        .iter()
        .map(|(name, text)| {
            ((*name).to_owned(), Quoted { text: (*text).to_owned(), empty: text.is_empty(), ..Quoted::default() })
        })
        .collect()
}

fn text(source: &str, values: &[(&str, &str)]) -> String {
    Template::compile("", None, source, &columns()).unwrap().render(&row(values)).unwrap().text
}

#[test]
fn a_column_in_braces_becomes_its_value() {
    let template = Template::compile("Hi {Name}", Some("<p>{Ім'я клієнта}</p>"), "{Name}: {Sum}", &columns()).unwrap();
    let letter = template.render(&row(&[("Name", "Оля"), ("Ім'я клієнта", "<b>&\""), ("Sum", "")])).unwrap();
    assert_eq!(letter.subject, "Hi Оля");
    assert_eq!(letter.html.as_deref(), Some("<p>&lt;b&gt;&amp;&quot;</p>"));
    assert_eq!(letter.text, "Оля: ");
    assert_eq!(letter.empty_columns, ["Sum"]);
    assert_eq!(template.columns_used(), ["Name", "Sum", "Ім'я клієнта"]);
}

#[test]
fn braces_that_quote_no_column_stay() {
    let html = "<style>.a{color:red} @media (max-width:600px){.b{margin:0}} .c{Name2}</style><p style=\"x\">{} {\"a\": 1} {1} { {Name} }</p>";
    let template = Template::compile("", Some(html), "", &columns()).unwrap();
    let letter = template.render(&row(&[("Name", "Ann")])).unwrap();
    assert_eq!(letter.html.unwrap(), html.replace("{Name}", "Ann"));
}

#[test]
fn an_unknown_name_is_an_error_that_names_the_nearest_column() {
    let error = Template::compile("", None, "Dear {Nmae},", &columns()).unwrap_err();
    assert_eq!(
        (error.place, error.position, error.name.as_deref(), error.nearest.as_deref()),
        (Place::Text, Some(5), Some("Nmae"), Some("Name"))
    );
    let error = Template::compile("{{ row[\"Sume\"] }}", None, "", &columns()).unwrap_err();
    assert_eq!(error.nearest.as_deref(), Some("Sum"));
    assert!(Template::compile("{% if row.Name %}", None, "", &columns()).is_err());
    assert!(Template::compile("", None, "{{ Name }}", &columns()).unwrap().render(&row(&[])).is_err());
}

#[test]
fn a_value_that_looks_like_a_template_is_never_expanded() {
    assert_eq!(
        text("{Name} {Note}", &[("Name", "{Note}"), ("Note", "{{ row.Name }}{% for x in range(9) %}")]),
        "{Note} {{ row.Name }}{% for x in range(9) %}"
    );
}

#[test]
fn conditions_loops_and_filters_work() {
    assert_eq!(
        text(
            "{% if row.Note %}yes{% else %}no{% endif %} {Name|upper} {Note|default('none')}",
            &[("Name", "ann"), ("Note", "")]
        ),
        "no ANN none"
    );
    assert_eq!(
        text(
            "{Sum|plural('letter','letters')} {Sum|plural('письмо','письма','писем')} {Name|initials}",
            &[("Sum", "22"), ("Name", "Ann Lee")]
        ),
        "letters письма AL"
    );
    let mut values = row(&[]);
    values.insert(
        "Orders".into(),
        Quoted { text: "a, b".into(), items: vec!["a".into(), "b".into()], ..Quoted::default() },
    );
    let template = Template::compile(
        "",
        Some("{% for order in row.Orders %}<li>{{ order }}</li>{% endfor %}{Orders}"),
        "",
        &columns(),
    )
    .unwrap();
    assert_eq!(template.render(&values).unwrap().html.unwrap(), "<li>a</li><li>b</li>a, b");
}

#[test]
fn a_rich_editor_may_escape_what_was_typed() {
    let template =
        Template::compile("", Some("{Ім&#39;я&nbsp;клієнта} {{ row[&quot;Name&quot;] }}"), "", &columns()).unwrap();
    assert_eq!(template.render(&row(&[("Name", "Ann"), ("Ім'я клієнта", "Оля")])).unwrap().html.unwrap(), "Оля Ann");
}

#[test]
fn a_subject_is_one_line_whatever_a_cell_holds() {
    let template = Template::compile("Hi {Name}", None, "", &columns()).unwrap();
    let subject = template.render(&row(&[("Name", "a\r\nBcc: x@x.org\u{2028}\u{202e}b")])).unwrap().subject;
    assert_eq!(subject, "Hi a Bcc: x@x.org b");
}

#[test]
fn a_loop_bomb_runs_out_of_fuel() {
    let bomb = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    let error = Template::compile("", None, bomb, &columns()).unwrap().render(&row(&[])).unwrap_err();
    assert!(error.message.text.contains("too long"), "{error}");
    assert!(Template::compile("", None, "{{ 'x' * 1000000000 }}", &columns()).unwrap().render(&row(&[])).is_err());
}

#[test]
fn html_of_a_column_is_used_in_html_only_and_nothing_else_can_be_marked_safe() {
    let mut values = row(&[]);
    values.insert("Note".into(), Quoted { text: "bold".into(), html: Some("<b>bold</b>".into()), ..Quoted::default() });
    let template = Template::compile("", Some("{Note}"), "{Note}", &columns()).unwrap();
    let letter = template.render(&values).unwrap();
    assert_eq!((letter.html.as_deref(), letter.text.as_str()), (Some("<b>bold</b>"), "bold"));
    assert!(
        Template::compile("", Some("{Name|safe}"), "", &columns()).is_err_and(|_| true)
            || Template::compile("", Some("{Name|safe}"), "", &columns())
                .unwrap()
                .render(&row(&[("Name", "<b>")]))
                .is_err()
    );
}

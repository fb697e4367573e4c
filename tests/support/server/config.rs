//! Dovecot's configuration: everything in one folder, no root needed, no artificial waiting.

use std::fmt::Write as _;

use super::{Ports, Settings};

/// Where things are and who runs them.
pub(super) struct Place<'a> {
    pub folder: &'a str,
    pub user: &'a str,
    pub group: &'a str,
    pub uid: u32,
    pub gid: u32,
}

pub(super) fn dovecot(place: &Place, ports: Ports, relay_port: u16, settings: &Settings) -> String {
    let Place { folder, user, group, uid, gid } = place;
    let plaintext = if settings.tls_only { "yes" } else { "no" };
    let tokens = settings.introspection.as_ref().map(|_| settings.token_mechanisms);
    let token_passdb = tokens.map_or_else(String::new, |mechanisms| {
        format!(
            "passdb {{\n  driver = oauth2\n  mechanisms = {mechanisms}\n  args = {folder}/oauth2.conf\n}}\n",
            mechanisms = mechanisms.to_lowercase()
        )
    });
    let mechanisms = tokens.unwrap_or_default();
    let mut text = format!(
        r#"# Written by tests/support for one test run.
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
log_timestamp = "%H:%M:%S.%{{usecs}} "
protocols = imap lmtp submission
listen = 127.0.0.1
hostname = mail.tabella.test
postmaster_address = postmaster@tabella.test
shutdown_clients = yes

default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
default_client_limit = 4000
default_process_limit = 1000
auth_failure_delay = 0
mail_max_userip_connections = 500

ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = {plaintext}
auth_mechanisms = plain login {mechanisms}
auth_username_format = %Lu

{token_passdb}passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
# Quotas of single users stand in the file; every other address of the domain has a mailbox as well.
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
  default_fields = uid={uid} gid={gid} home={folder}/mail/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}

mail_location = maildir:~/Maildir
mail_fsync = never
mailbox_list_index = yes
mail_plugins = quota zlib
namespace inbox {{
  inbox = yes
  separator = {separator}
"#,
        separator = settings.separator,
    );
    for (name, role) in
        [("Drafts", "\\Drafts"), ("Sent", "\\Sent"), ("Trash", "\\Trash"), ("Junk", "\\Junk"), ("Archive", "\\Archive")]
    {
        let _ = write!(text, "  mailbox {name} {{\n    auto = subscribe\n    special_use = {role}\n  }}\n");
    }
    let _ = write!(
        text,
        r"}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=50G
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota imap_zlib
{capability}}}

service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service auth {{
  client_limit = 8000
}}
service imap-login {{
  chroot =
  service_count = 0
  process_limit = 2
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service submission-login {{
  chroot =
  service_count = 0
  process_limit = 2
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = {submissions}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0600
  }}
}}

submission_relay_host = 127.0.0.1
submission_relay_port = {relay_port}
submission_max_mail_size = 100M
",
        capability = settings
            .capability
            .as_ref()
            .map(|capability| format!("  imap_capability = {capability}\n"))
            .unwrap_or_default(),
        imap = ports.imap,
        imaps = ports.imaps,
        submission = ports.submission,
        submissions = ports.submissions,
    );
    text
}

/// How Dovecot asks whether a token is good, and whose.
pub(super) fn introspection(address: &str) -> String {
    format!(
        "introspection_url = {address}\nintrospection_mode = post\nforce_introspection = yes\n\
         username_attribute = email\nusername_format = %Lu\nactive_attribute = active\nactive_value = true\n\
         timeout_msecs = 5000\n"
    )
}

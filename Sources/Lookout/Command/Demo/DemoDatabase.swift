/// The database of the demo's Odoo: the tables, columns, types and index names of Odoo 17 that Lookout looks at, with invented rows.
enum DemoDatabase {
  static let name = "crm"

  /// Creates the database and its owner, the role `odoo`; the role `lookout` may connect, read statistics, and those tables that Lookout
  /// asks to be let read.
  static func create(in cluster: PrivateCluster) async throws {
    _ = try await cluster.sql(server, database: "postgres")
    _ = try await cluster.sql(extensions + tables + indexes + rows + grants, database: name)
    // In a session of its own: what the rows' session counted arrives at its end and would be added to what ANALYZE found.
    _ = try await cluster.sql("ANALYZE;", database: name)
  }

  /// Odoo creates its databases from template0 with collation C.
  static let server = """
    CREATE ROLE odoo LOGIN CREATEDB;
    CREATE DATABASE crm OWNER odoo TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C';
    REVOKE ALL ON DATABASE crm FROM PUBLIC;
    GRANT CONNECT ON DATABASE crm TO lookout;

    """

  static let extensions = """
    CREATE EXTENSION pg_stat_statements;
    GRANT CREATE, USAGE ON SCHEMA public TO odoo;
    SET ROLE odoo;

    """

  static let tables = """
    CREATE TABLE res_users (
      id serial CONSTRAINT res_users_pkey PRIMARY KEY,
      company_id integer NOT NULL, partner_id integer NOT NULL, active boolean DEFAULT true,
      login varchar NOT NULL CONSTRAINT res_users_login_key UNIQUE,
      password varchar, share boolean, notification_type varchar NOT NULL, sale_team_id integer,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE res_users_log (
      id serial CONSTRAINT res_users_log_pkey PRIMARY KEY,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE crm_team (
      id serial CONSTRAINT crm_team_pkey PRIMARY KEY,
      sequence integer, company_id integer, user_id integer, name jsonb NOT NULL, active boolean, alias_id integer NOT NULL,
      use_leads boolean, use_opportunities boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE crm_stage (
      id serial CONSTRAINT crm_stage_pkey PRIMARY KEY,
      sequence integer, team_id integer, name jsonb NOT NULL, requirements text, is_won boolean, fold boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE crm_lead (
      id serial CONSTRAINT crm_lead_pkey PRIMARY KEY,
      name varchar NOT NULL, type varchar NOT NULL, priority varchar, active boolean,
      user_id integer, team_id integer, company_id integer, stage_id integer, partner_id integer, lost_reason_id integer,
      contact_name varchar, partner_name varchar, email_from varchar, phone varchar, phone_sanitized varchar, city varchar,
      description text, expected_revenue numeric, prorated_revenue numeric, recurring_revenue numeric,
      probability double precision CONSTRAINT crm_lead_check_probability CHECK (probability >= 0 AND probability <= 100),
      automated_probability double precision, day_open double precision, day_close double precision,
      date_deadline date, date_open timestamp, date_closed timestamp, date_conversion timestamp, date_last_stage_update timestamp,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE mail_message (
      id serial CONSTRAINT mail_message_pkey PRIMARY KEY,
      parent_id integer, res_id integer, subtype_id integer, author_id integer,
      subject varchar, model varchar, message_type varchar NOT NULL, email_from varchar, message_id varchar, body text,
      is_internal boolean, date timestamp,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE mail_mail (
      id serial CONSTRAINT mail_mail_pkey PRIMARY KEY,
      mail_message_id integer NOT NULL, email_to text, state varchar, failure_type varchar, failure_reason text, body_html text,
      auto_delete boolean, scheduled_date timestamp,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_actions (
      id serial CONSTRAINT ir_actions_pkey PRIMARY KEY,
      type varchar NOT NULL, binding_type varchar NOT NULL, name jsonb NOT NULL,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_act_server (
      sequence integer, model_id integer NOT NULL, usage varchar NOT NULL, state varchar NOT NULL, model_name varchar, code text,
      CONSTRAINT ir_act_server_pkey PRIMARY KEY (id)
    ) INHERITS (ir_actions);
    CREATE TABLE ir_cron (
      id serial CONSTRAINT ir_cron_pkey PRIMARY KEY,
      ir_actions_server_id integer NOT NULL, user_id integer NOT NULL, interval_number integer, interval_type varchar,
      numbercall integer, priority integer, cron_name varchar, active boolean, doall boolean,
      nextcall timestamp NOT NULL, lastcall timestamp,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_module_module (
      id serial CONSTRAINT ir_module_module_pkey PRIMARY KEY,
      name varchar NOT NULL CONSTRAINT ir_module_module_name_uniq UNIQUE,
      state varchar(16), latest_version varchar, shortdesc jsonb, category_id integer, application boolean DEFAULT false,
      auto_install boolean DEFAULT false,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_model (
      id serial CONSTRAINT ir_model_pkey PRIMARY KEY,
      model varchar NOT NULL CONSTRAINT ir_model_obj_name_uniq UNIQUE,
      "order" varchar NOT NULL, state varchar, name jsonb NOT NULL, info text, transient boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_model_access (
      id serial CONSTRAINT ir_model_access_pkey PRIMARY KEY,
      model_id integer NOT NULL, group_id integer, name varchar NOT NULL, active boolean,
      perm_read boolean, perm_write boolean, perm_create boolean, perm_unlink boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_config_parameter (
      id serial CONSTRAINT ir_config_parameter_pkey PRIMARY KEY,
      key varchar NOT NULL CONSTRAINT ir_config_parameter_key_uniq UNIQUE, value text NOT NULL,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE ir_attachment (
      id serial CONSTRAINT ir_attachment_pkey PRIMARY KEY,
      name varchar NOT NULL, type varchar NOT NULL, res_model varchar, res_field varchar, res_id integer, company_id integer,
      url varchar(1024), store_fname varchar, checksum varchar(40), mimetype varchar, file_size integer, db_datas bytea, public boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE crm_executive_dashboard (
      id serial CONSTRAINT crm_executive_dashboard_pkey PRIMARY KEY,
      user_id integer, currency_id integer, name varchar NOT NULL, date_from date, date_to date, active boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );
    CREATE TABLE crm_strategic_dashboard (
      id serial CONSTRAINT crm_strategic_dashboard_pkey PRIMARY KEY,
      user_id integer, currency_id integer, name varchar NOT NULL, date_from date, date_to date, active boolean,
      create_uid integer, create_date timestamp, write_uid integer, write_date timestamp
    );

    """

  static let indexes = """
    CREATE INDEX crm_lead__company_id_index ON crm_lead (company_id);
    CREATE INDEX crm_lead__date_last_stage_update_index ON crm_lead (date_last_stage_update);
    CREATE INDEX crm_lead__lost_reason_id_index ON crm_lead (lost_reason_id);
    CREATE INDEX crm_lead__partner_id_index ON crm_lead (partner_id);
    CREATE INDEX crm_lead__phone_sanitized_index ON crm_lead (phone_sanitized) WHERE phone_sanitized IS NOT NULL;
    CREATE INDEX crm_lead__priority_index ON crm_lead (priority);
    CREATE INDEX crm_lead__stage_id_index ON crm_lead (stage_id);
    CREATE INDEX crm_lead__team_id_index ON crm_lead (team_id);
    CREATE INDEX crm_lead__type_index ON crm_lead (type);
    CREATE INDEX crm_lead__user_id_index ON crm_lead (user_id);
    CREATE INDEX crm_lead_create_date_team_id_idx ON crm_lead (create_date, team_id);
    CREATE INDEX crm_lead_user_id_team_id_type_index ON crm_lead (user_id, team_id, type);
    CREATE INDEX crm_team__company_id_index ON crm_team (company_id);
    CREATE INDEX ir_act_server__model_id_index ON ir_act_server (model_id);
    CREATE INDEX ir_attachment__store_fname_index ON ir_attachment (store_fname);
    CREATE INDEX ir_attachment__url_index ON ir_attachment (url) WHERE url IS NOT NULL;
    CREATE INDEX ir_attachment_res_idx ON ir_attachment (res_model, res_id);
    CREATE INDEX ir_model_access__group_id_index ON ir_model_access (group_id);
    CREATE INDEX ir_model_access__model_id_index ON ir_model_access (model_id);
    CREATE INDEX ir_model_access__name_index ON ir_model_access (name);
    CREATE INDEX ir_module_module__category_id_index ON ir_module_module (category_id);
    CREATE INDEX ir_module_module__state_index ON ir_module_module (state);
    CREATE INDEX mail_mail__mail_message_id_index ON mail_mail (mail_message_id);
    CREATE INDEX mail_message__author_id_index ON mail_message (author_id);
    CREATE INDEX mail_message__message_id_index ON mail_message (message_id);
    CREATE INDEX mail_message__parent_id_index ON mail_message (parent_id) WHERE parent_id IS NOT NULL;
    CREATE INDEX mail_message__subtype_id_index ON mail_message (subtype_id);
    CREATE INDEX mail_message_model_res_id_id_idx ON mail_message (model, res_id, id);
    CREATE INDEX mail_message_model_res_id_idx ON mail_message (model, res_id);
    CREATE INDEX res_users__partner_id_index ON res_users (partner_id);

    """

  static let grants = """
    GRANT SELECT ON mail_mail, ir_cron TO lookout;

    """

  /// Times are UTC without a zone, as Odoo stores them. Every cron's next call is a day ahead, for nobody runs them in the demo.
  static let rows = """
    SET timezone = 'UTC';

    INSERT INTO res_users (company_id, partner_id, active, login, share, notification_type, create_date)
    SELECT 1, n + 1, login <> '__system__', login, false, 'email', localtimestamp - interval '400 days'
    FROM unnest(ARRAY['__system__', 'admin', 'manager', 'lookout', 'sales0', 'sales1', 'sales2', 'sales3']) WITH ORDINALITY AS u (login, n);
    INSERT INTO res_users_log (create_uid, create_date, write_uid, write_date)
    SELECT 2 + n % 7, t, 2 + n % 7, t FROM generate_series(1, 60) AS n, LATERAL (SELECT localtimestamp - n * interval '7 hours') AS w (t);

    INSERT INTO crm_team (sequence, company_id, name, active, alias_id, use_leads, use_opportunities)
    VALUES (0, 1, '{"en_US": "North"}', true, 1, false, true), (10, 1, '{"en_US": "South"}', true, 2, true, true);
    INSERT INTO crm_stage (sequence, name, is_won, fold)
    VALUES (1, '{"en_US": "New"}', NULL, NULL), (2, '{"en_US": "Qualified"}', NULL, NULL),
      (3, '{"en_US": "Proposition"}', NULL, NULL), (70, '{"en_US": "Won"}', true, false);

    INSERT INTO crm_lead (name, type, priority, active, user_id, team_id, company_id, stage_id, contact_name, email_from, phone, city,
      expected_revenue, prorated_revenue, recurring_revenue, probability, automated_probability, day_open, day_close,
      date_deadline, date_open, date_closed, date_last_stage_update, create_uid, create_date, write_uid, write_date)
    SELECT 'Opportunity ' || n, CASE WHEN n % 5 = 0 THEN 'lead' ELSE 'opportunity' END, (n % 4)::text, n % 11 <> 0, 5 + n % 4, 1 + n % 2, 1,
      stage, 'Contact ' || n, 'contact' || n || '@example.com', '+49 30 ' || 100000 + n, 'Town ' || n % 17,
      revenue, revenue * odds / 100, 0, odds, odds, n % 9, CASE WHEN stage = 4 THEN n % 30 END,
      (made + (n % 60) * interval '1 day')::date, made + interval '1 day',
      CASE WHEN stage = 4 THEN made + (n % 30) * interval '1 day' END, made + interval '2 days', 5 + n % 4, made, 5 + n % 4, made
    FROM generate_series(1, 1000) AS n,
      LATERAL (SELECT 1 + n % 4, (1 + n % 40) * 500, localtimestamp - n * interval '8 hours') AS a (stage, revenue, made),
      LATERAL (SELECT CASE stage WHEN 4 THEN 100 ELSE 20 * stage END) AS b (odds);

    INSERT INTO mail_message (res_id, model, subtype_id, author_id, message_type, email_from, message_id, body, is_internal, date,
      create_date)
    SELECT 1 + n % 1000, 'crm.lead', 1 + n % 3, 6 + n % 4, CASE WHEN n % 3 = 0 THEN 'email' ELSE 'notification' END,
      'sales' || n % 4 || '@example.com', '<' || n || '@demo.example.com>', '<p>Message ' || n || '</p>', false, t, t
    FROM generate_series(1, 3000) AS n, LATERAL (SELECT localtimestamp - n * interval '2 hours') AS w (t);
    INSERT INTO mail_mail (mail_message_id, email_to, state, body_html, auto_delete, create_date, write_date)
    SELECT n, 'contact' || n || '@example.com', 'sent', '<p>Message ' || n || '</p>', false, t, t
    FROM generate_series(1, 40) AS n, LATERAL (SELECT localtimestamp - n * interval '2 hours') AS w (t);

    INSERT INTO ir_model (model, "order", state, name, transient)
    SELECT model, 'id', 'base', jsonb_build_object('en_US', model), false
    FROM unnest(ARRAY['crm.lead', 'crm.executive.dashboard', 'crm.strategic.dashboard', 'mail.mail', 'ir.autovacuum',
      'digest.digest']) AS model;
    INSERT INTO ir_model_access (model_id, group_id, name, active, perm_read, perm_write, perm_create, perm_unlink)
    SELECT m.id, g.id, m.model || '.' || g.name, true, true, g.writes, g.writes, g.deletes
    FROM ir_model AS m, (VALUES (19, 'manager', true, true), (20, 'user', true, false), (16, 'sales.manager', true, true),
      (14, 'sales.user', false, false)) AS g (id, name, writes, deletes)
    WHERE m.model IN ('crm.executive.dashboard', 'crm.strategic.dashboard')
    ORDER BY m.id, g.id;

    INSERT INTO ir_act_server (type, binding_type, name, sequence, model_id, usage, state, model_name)
    SELECT 'ir.actions.server', 'action', jsonb_build_object('en_US', a.name), 5, m.id, 'ir_cron', 'code', a.model
    FROM (VALUES ('Base: Auto-vacuum internal data', 'ir.autovacuum'), ('Mail: Email Queue Manager', 'mail.mail'),
      ('Digest Emails', 'digest.digest'), ('CRM: Lead Assignment', 'crm.lead'),
      ('CRM Dashboard: Cleanup Old Configurations', 'crm.executive.dashboard')) AS a (name, model)
    JOIN ir_model AS m USING (model);
    INSERT INTO ir_cron (ir_actions_server_id, user_id, interval_number, interval_type, numbercall, priority, cron_name, active, doall,
      nextcall, lastcall)
    SELECT id, 1, 1, CASE model_name WHEN 'mail.mail' THEN 'hours' WHEN 'crm.executive.dashboard' THEN 'weeks' ELSE 'days' END, -1, 5,
      name ->> 'en_US', model_name <> 'crm.lead', false, localtimestamp + interval '1 day', localtimestamp - interval '20 minutes'
    FROM ir_act_server;

    INSERT INTO ir_module_module (name, state, latest_version, shortdesc, application)
    SELECT name, state, version, jsonb_build_object('en_US', name), name IN ('crm', 'crm_executive_dashboard')
    FROM (VALUES ('base', 'installed', '17.0.1.3'), ('web', 'installed', '17.0.1.0'), ('mail', 'installed', '17.0.1.15'),
      ('sales_team', 'installed', '17.0.1.1'), ('crm', 'installed', '17.0.1.8'), ('crm_executive_dashboard', 'installed', '17.0.1.0.0'),
      ('sale', 'uninstalled', NULL), ('stock', 'uninstalled', NULL)) AS v (name, state, version);
    INSERT INTO ir_config_parameter (key, value)
    VALUES ('web.base.url', 'http://127.0.0.1:8069'), ('database.create_date', localtimestamp::text),
      ('mail.catchall.domain', 'example.com');
    INSERT INTO ir_attachment (name, type, res_model, res_id, url, store_fname, checksum, mimetype, file_size, public, create_date)
    SELECT name, 'binary', 'ir.ui.view', 0, '/web/assets/' || left(sum, 7) || '/' || name, left(sum, 2) || '/' || sum, sum, mime, size,
      true, localtimestamp
    FROM (VALUES ('web.assets_web.min.js', 'application/javascript', 3960000), ('web.assets_web.min.css', 'text/css', 889000),
      ('web.assets_frontend.min.css', 'text/css', 505000)) AS v (name, mime, size),
      LATERAL (SELECT md5(name) || left(md5(mime), 8)) AS c (sum);
    INSERT INTO crm_executive_dashboard (user_id, name, date_from, date_to, active)
    SELECT n, 'Dashboard ' || n, current_date - 30, current_date, true FROM generate_series(2, 4) AS n;
    INSERT INTO crm_strategic_dashboard (user_id, name, date_from, date_to, active)
    VALUES (3, 'Strategy', current_date - 365, current_date, true);

    """
}

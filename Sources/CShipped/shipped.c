#include "CShipped.h"

// The closing 0 keeps an array from being empty when its file is; it does not count.
static const unsigned char odoo_rules[] = {
#embed "../../Alerts/odoo.rules.yml" suffix(, )
    0};

static const unsigned char odoo_test[] = {
#embed "../../Alerts/odoo.test.yml" suffix(, )
    0};

static const unsigned char runbook[] = {
#embed "../../Alerts/README.md" suffix(, )
    0};

static const unsigned char alertmanager[] = {
#embed "../../Alerts/alertmanager.yml" suffix(, )
    0};

static const lookout_shipped_file files[] = {
    {"odoo.rules.yml", odoo_rules, sizeof odoo_rules - 1},
    {"odoo.test.yml", odoo_test, sizeof odoo_test - 1},
    {"README.md", runbook, sizeof runbook - 1},
    {"alertmanager.yml", alertmanager, sizeof alertmanager - 1},
};

size_t lookout_shipped_count(void) { return sizeof files / sizeof files[0]; }

lookout_shipped_file lookout_shipped(size_t index) {
  static const lookout_shipped_file none = {"", (const unsigned char *)"", 0};
  return index < lookout_shipped_count() ? files[index] : none;
}

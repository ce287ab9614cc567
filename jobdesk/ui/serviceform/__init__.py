"""登记服务: the form in which a service, a call or a visit is written down."""

from jobdesk.ui.serviceform.form import ServiceForm

__all__ = ["ServiceForm"]

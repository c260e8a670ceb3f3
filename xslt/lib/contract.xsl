<?xml version="1.0" encoding="UTF-8"?>
<!-- What the pages of one contract share: head, facts, versions, deeds, the sections of its form, and two versions side by side. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<!-- The context is the contract, or a comparison. -->
<xsl:template name="contract-crumb">
	<p class="crumb"><a href="{$base}customers/{t:tenant/@id}/contracts"><bdi><xsl:value-of select="t:tenant/@name"/></bdi></a></p>
</xsl:template>

<xsl:template name="contract-facts">
	<section class="card pad">
		<h2>Terms</h2>
		<dl class="facts">
			<dt>Customer</dt><dd><a href="{$base}customers/{t:tenant/@id}"><bdi><xsl:value-of select="t:tenant/@name"/></bdi></a></dd>
			<dt>Start</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@start"/></xsl:call-template></dd>
			<dt>End</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@end"/></xsl:call-template></dd>
			<dt>Renewal</dt><dd><xsl:call-template name="renewal-word"/></dd>
			<dt>Entitlement</dt><dd><xsl:call-template name="entitlement-word"/></dd>
			<xsl:if test="@prefix"><dt>Invoicing prefix</dt><dd class="mono"><xsl:value-of select="@prefix"/></dd></xsl:if>
			<xsl:if test="t:tenant/@tier = 'customer'">
				<dt>Management accounts</dt>
				<dd><xsl:choose><xsl:when test="@accounts = 'all'">All</xsl:when><xsl:otherwise><span class="mono"><xsl:value-of select="@accounts"/></span></xsl:otherwise></xsl:choose></dd>
			</xsl:if>
		</dl>
	</section>
	<section class="card pad">
		<h2>Billing</h2>
		<dl class="facts">
			<xsl:for-each select="t:billing">
				<dt>Name</dt><dd><xsl:choose><xsl:when test="@name"><bdi><xsl:value-of select="@name"/></bdi></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></dd>
				<dt>Address</dt>
				<dd>
					<xsl:if test="not(@address or @city or @zip or @state or @country)"><xsl:call-template name="dash"/></xsl:if>
					<xsl:if test="@address"><span class="lines block"><xsl:value-of select="@address"/></span></xsl:if>
					<xsl:if test="@zip or @city"><span class="block"><xsl:value-of select="normalize-space(concat(@zip, ' ', @city))"/></span></xsl:if>
					<xsl:if test="@state"><span class="block"><xsl:value-of select="@state"/></span></xsl:if>
					<xsl:if test="@country"><span class="block"><xsl:value-of select="@country-name"/></span></xsl:if>
				</dd>
			</xsl:for-each>
			<dt>Invoices to</dt><dd><xsl:choose><xsl:when test="@invoice-email"><xsl:value-of select="@invoice-email"/></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></dd>
			<dt>Changes to</dt><dd><xsl:choose><xsl:when test="@change-email"><xsl:value-of select="@change-email"/></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></dd>
		</dl>
	</section>
	<xsl:if test="@notes"><section class="card pad"><h2>Notes</h2><p class="lines"><xsl:value-of select="@notes"/></p></section></xsl:if>
</xsl:template>

<!-- What it took the place of, and what took its place. -->
<xsl:template name="contract-others">
	<xsl:if test="@reason"><p class="notice">Cancelled: <span class="lines"><xsl:value-of select="@reason"/></span></p></xsl:if>
	<xsl:if test="@superseded-by"><p class="notice">Superseded by <a href="{$base}contracts/{@superseded-by}"><bdi><xsl:value-of select="@superseded-by-name"/></bdi></a>.</p></xsl:if>
	<xsl:if test="@supersedes"><p class="notice"><xsl:choose><xsl:when test="@status = 'draft'">Is to supersede </xsl:when><xsl:otherwise>Supersedes </xsl:otherwise></xsl:choose><a href="{$base}contracts/{@supersedes}"><bdi><xsl:value-of select="@supersedes-name"/></bdi></a><xsl:if test="@status = 'draft'">, which then ends on the day before this one starts</xsl:if>.</p></xsl:if>
	<xsl:if test="@version != @newest"><p class="notice">This is what version <xsl:value-of select="@version"/> said. <a href="{$base}contracts/{@id}">Version <xsl:value-of select="@newest"/></a> is the newest.</p></xsl:if>
</xsl:template>

<!-- What may be done; what ends something asks first. -->
<xsl:template name="contract-deeds">
	<xsl:if test="@version = @newest and (@may-activate or @may-cancel or @may-supersede or @switch)">
		<div class="act foot">
			<xsl:choose>
				<xsl:when test="@may-activate = 'asks'"><a class="button primary ask" href="{$base}contracts/{@id}/activate">Mark as active</a></xsl:when>
				<xsl:when test="@may-activate"><xsl:for-each select="/t:page/t:form[@name = 'activate']"><xsl:call-template name="form-button"><xsl:with-param name="class">primary</xsl:with-param></xsl:call-template></xsl:for-each></xsl:when>
			</xsl:choose>
			<xsl:if test="@may-supersede"><xsl:for-each select="/t:page/t:form[@name = 'supersede']"><xsl:call-template name="form-button"/></xsl:for-each></xsl:if>
			<xsl:if test="@may-cancel"><a class="button ask" href="{$base}contracts/{@id}/cancel">Cancel contract</a></xsl:if>
			<xsl:if test="@switch">
				<form method="post" action="{$base}switch">
					<xsl:call-template name="token"/>
					<input type="hidden" name="tenant" value="{@switch}"/>
					<input type="hidden" name="next" value="/contracts/{@id}"/>
					<button class="i swap"><span>Switch to <bdi><xsl:value-of select="@switch-name"/></bdi> to change it</span></button>
				</form>
			</xsl:if>
		</div>
	</xsl:if>
</xsl:template>

<!-- A form that is one button. -->
<xsl:template name="form-button">
	<xsl:param name="class"/>
	<form id="{@name}" method="post">
		<xsl:if test="starts-with(@action, '/') and not(starts-with(@action, '//'))"><xsl:attribute name="action"><xsl:value-of select="@action"/></xsl:attribute></xsl:if>
		<input type="hidden" name="token" value="{t:token}"/>
		<xsl:for-each select="t:field[@kind = 'hidden']"><input type="hidden" name="{@name}" value="{@value}"/></xsl:for-each>
		<button><xsl:if test="$class != ''"><xsl:attribute name="class"><xsl:value-of select="$class"/></xsl:attribute></xsl:if><xsl:value-of select="@submit"/></button>
	</form>
</xsl:template>

<xsl:template name="versions">
	<section class="card">
		<h2 class="cap">Versions</h2>
		<xsl:if test="count(t:version) &gt; 1">
			<form class="row compare" method="get" action="{$base}contracts/{@id}">
				<label><span>Compare</span><select name="compare"><xsl:for-each select="t:version"><option value="{@number}"><xsl:if test="position() = 2"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Version <xsl:value-of select="@number"/></option></xsl:for-each></select></label>
				<label><span>with</span><select name="with"><xsl:for-each select="t:version"><option value="{@number}">Version <xsl:value-of select="@number"/></option></xsl:for-each></select></label>
				<button>Compare</button>
			</form>
		</xsl:if>
		<ol>
			<xsl:for-each select="t:version">
				<li class="row">
					<span class="grow">
						<a>
							<xsl:if test="@current"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if>
							<xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>
							<xsl:text>Version </xsl:text><xsl:value-of select="@number"/>
						</a>
						<span class="hint block">saved <xsl:call-template name="instant"><xsl:with-param name="at" select="@saved"/></xsl:call-template><xsl:if test="@by"> by <bdi><xsl:value-of select="@by"/></bdi></xsl:if></span>
					</span>
					<xsl:if test="@current"><span class="tag">Shown</span></xsl:if>
				</li>
			</xsl:for-each>
		</ol>
	</section>
</xsl:template>

<!-- The fields of the form, by section. -->
<xsl:template match="t:form[@name = 'contract']" mode="fields">
	<xsl:call-template name="contract-section"><xsl:with-param name="title">Terms</xsl:with-param><xsl:with-param name="names"> name start end renewal entitlement </xsl:with-param></xsl:call-template>
	<xsl:if test="t:field[@name = 'prefix']">
		<xsl:call-template name="contract-section"><xsl:with-param name="title">Invoicing</xsl:with-param><xsl:with-param name="names"> prefix accounts account </xsl:with-param></xsl:call-template>
	</xsl:if>
	<xsl:call-template name="contract-section"><xsl:with-param name="title">Billing profile</xsl:with-param><xsl:with-param name="names"> billing_name billing_address billing_city billing_zip billing_state billing_country </xsl:with-param></xsl:call-template>
	<xsl:call-template name="contract-section"><xsl:with-param name="title">Mail</xsl:with-param><xsl:with-param name="names"> invoice_email change_email </xsl:with-param></xsl:call-template>
	<xsl:call-template name="contract-section"><xsl:with-param name="title">Notes</xsl:with-param><xsl:with-param name="names"> notes </xsl:with-param></xsl:call-template>
</xsl:template>

<xsl:template name="contract-section">
	<xsl:param name="title"/>
	<xsl:param name="names"/>
	<fieldset class="section">
		<legend><xsl:value-of select="$title"/></legend>
		<xsl:for-each select="t:field[contains($names, concat(' ', @name, ' '))]"><xsl:call-template name="form-field"/></xsl:for-each>
	</fieldset>
</xsl:template>

<!-- Two versions side by side. What differs is said in a word, struck through and set in bold, not by colour alone. -->
<xsl:template name="comparison">
	<xsl:call-template name="contract-crumb"/>
	<div class="head">
		<h1><a href="{$base}contracts/{@id}"><bdi><xsl:value-of select="@name"/></bdi></a></h1>
		<xsl:call-template name="contract-status"/>
		<span class="tier"><xsl:choose>
			<xsl:when test="@changed = 0">The two versions say the same</xsl:when>
			<xsl:when test="@changed = 1">1 field differs</xsl:when>
			<xsl:otherwise><xsl:value-of select="@changed"/> fields differ</xsl:otherwise>
		</xsl:choose></span>
	</div>
	<section class="card">
		<div class="scroll">
			<table class="versus" aria-label="Comparison">
				<thead>
					<tr>
						<th scope="col">Field</th>
						<xsl:for-each select="t:version">
							<th scope="col">
								<a><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>Version <xsl:value-of select="@number"/></a>
								<span class="hint block">saved <xsl:call-template name="instant"><xsl:with-param name="at" select="@saved"/></xsl:call-template> by <bdi><xsl:value-of select="@by"/></bdi></span>
							</th>
						</xsl:for-each>
					</tr>
				</thead>
				<tbody>
					<xsl:for-each select="t:field">
						<tr>
							<xsl:if test="@changed"><xsl:attribute name="class">changed</xsl:attribute></xsl:if>
							<th scope="row"><xsl:value-of select="@label"/><xsl:if test="@changed"><xsl:text> </xsl:text><span class="tag">Changed</span></xsl:if></th>
							<td data-label="Version {../t:version[1]/@number}"><xsl:call-template name="versus-value"><xsl:with-param name="value" select="@left"/><xsl:with-param name="element">del</xsl:with-param></xsl:call-template></td>
							<td data-label="Version {../t:version[2]/@number}"><xsl:call-template name="versus-value"><xsl:with-param name="value" select="@right"/><xsl:with-param name="element">ins</xsl:with-param></xsl:call-template></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</div>
	</section>
</xsl:template>

<xsl:template name="versus-value">
	<xsl:param name="value"/>
	<xsl:param name="element"/>
	<xsl:choose>
		<xsl:when test="not($value)"><xsl:call-template name="dash"/></xsl:when>
		<xsl:when test="@changed and $element = 'del'"><del class="lines"><xsl:value-of select="$value"/></del></xsl:when>
		<xsl:when test="@changed"><ins class="lines"><xsl:value-of select="$value"/></ins></xsl:when>
		<xsl:otherwise><span class="lines"><xsl:value-of select="$value"/></span></xsl:otherwise>
	</xsl:choose>
</xsl:template>
</xsl:stylesheet>

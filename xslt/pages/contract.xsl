<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /contracts/CID: one version of a contract. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contract']" mode="heading"><xsl:value-of select="/t:page/t:contract/@name"/></xsl:template>

<xsl:template match="t:page[@kind = 'contract']" mode="content">
	<xsl:for-each select="t:contract">
		<p class="crumb"><a href="{$base}customers/{t:tenant/@id}/contracts"><bdi><xsl:value-of select="t:tenant/@name"/></bdi></a></p>
		<div class="head">
			<h1><bdi><xsl:value-of select="@name"/></bdi></h1>
			<xsl:call-template name="contract-status"/>
			<span class="tier"><xsl:call-template name="contract-version"/>, saved <xsl:call-template name="instant"><xsl:with-param name="at" select="@saved"/></xsl:call-template><xsl:if test="@saved-by"> by <bdi><xsl:value-of select="@saved-by"/></bdi></xsl:if></span>
		</div>
		<xsl:if test="@reason"><p class="notice">Cancelled: <xsl:value-of select="@reason"/></p></xsl:if>
		<div class="halves">
			<section class="card pad">
				<h2>Terms</h2>
				<dl class="facts">
					<dt>Customer</dt><dd><a href="{$base}customers/{t:tenant/@id}"><bdi><xsl:value-of select="t:tenant/@name"/></bdi></a></dd>
					<dt>Start</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@start"/></xsl:call-template></dd>
					<dt>End</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@end"/></xsl:call-template></dd>
					<dt>Renewal</dt><dd><xsl:call-template name="renewal-word"/></dd>
					<dt>Entitlement</dt><dd><xsl:call-template name="entitlement-word"/></dd>
					<xsl:if test="@prefix"><dt>Invoicing prefix</dt><dd class="mono"><xsl:value-of select="@prefix"/></dd></xsl:if>
					<xsl:if test="@accounts">
						<dt>Management accounts</dt>
						<dd><xsl:choose><xsl:when test="@accounts = 'all'">All</xsl:when><xsl:otherwise><span class="mono"><xsl:value-of select="@accounts"/></span></xsl:otherwise></xsl:choose></dd>
					</xsl:if>
					<xsl:if test="@supersedes"><dt>Supersedes</dt><dd><a href="{$base}contracts/{@supersedes}"><xsl:choose><xsl:when test="@supersedes-name"><bdi><xsl:value-of select="@supersedes-name"/></bdi></xsl:when><xsl:otherwise><xsl:value-of select="@supersedes"/></xsl:otherwise></xsl:choose></a></dd></xsl:if>
				</dl>
			</section>
			<section class="card pad">
				<h2>Billing</h2>
				<dl class="facts">
					<xsl:for-each select="t:billing">
						<dt>Name</dt><dd><bdi><xsl:value-of select="@name"/></bdi></dd>
						<dt>Address</dt><dd><xsl:value-of select="@address"/><br/><xsl:value-of select="@zip"/><xsl:text> </xsl:text><xsl:value-of select="@city"/><xsl:if test="@state != ''"><br/><xsl:value-of select="@state"/></xsl:if><br/><xsl:value-of select="@country"/></dd>
					</xsl:for-each>
					<dt>Invoices to</dt><dd><xsl:choose><xsl:when test="@invoice-email"><xsl:value-of select="@invoice-email"/></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></dd>
					<dt>Changes to</dt><dd><xsl:choose><xsl:when test="@change-email"><xsl:value-of select="@change-email"/></xsl:when><xsl:otherwise><xsl:call-template name="dash"/></xsl:otherwise></xsl:choose></dd>
				</dl>
			</section>
			<xsl:if test="@notes"><section class="card pad"><h2>Notes</h2><p class="lines"><xsl:value-of select="@notes"/></p></section></xsl:if>
			<xsl:if test="t:version"><xsl:call-template name="versions"/></xsl:if>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="versions">
	<section class="card">
		<h2 class="cap">Versions</h2>
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
</xsl:stylesheet>

<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID: the tab Profile. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'customer']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/></xsl:template>

<xsl:template match="t:page[@kind = 'customer']" mode="content">
	<xsl:for-each select="t:customer">
		<xsl:call-template name="customer-head"/>
		<div class="halves">
			<section class="card pad">
				<h2>Company</h2>
				<xsl:for-each select="/t:page/t:form"><xsl:call-template name="form"/></xsl:for-each>
				<dl class="facts">
					<xsl:if test="not(/t:page/t:form)"><dt>Name</dt><dd><bdi><xsl:value-of select="@name"/></bdi></dd></xsl:if>
					<xsl:if test="not(/t:page/t:form/t:field[@name = 'domain'])"><dt>Domain</dt><dd><xsl:value-of select="@domain"/></dd></xsl:if>
					<dt>Tier</dt><dd><xsl:call-template name="tier-word"/></dd>
					<xsl:if test="@parent">
						<dt>Belongs to</dt><dd><a href="{$base}customers/{@parent}"><bdi><xsl:value-of select="@parent-name"/></bdi></a></dd>
					</xsl:if>
					<dt>Customer ID</dt><dd class="mono"><xsl:value-of select="@id"/></dd>
					<dt>Created</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@created"/></xsl:call-template></dd>
				</dl>
			</section>
			<section class="card pad">
				<h2>At a glance</h2>
				<dl class="facts">
					<dt>Status</dt><dd><xsl:call-template name="status-cell"/></dd>
					<dt>Admin</dt><dd><xsl:call-template name="admin-cell"/></dd>
					<dt>Source data</dt><dd><xsl:call-template name="source-cell"/></dd>
					<dt>Contracts</dt><dd><xsl:call-template name="contracts-cell"/></dd>
				</dl>
				<div class="foot">
					<xsl:if test="@switch"><button class="i swap" form="switch" name="tenant" value="{@id}"><span>Switch to <bdi><xsl:value-of select="@name"/></bdi></span></button></xsl:if>
					<xsl:choose>
						<xsl:when test="@may-suspend and @suspended"><form method="post" action="{$base}customers/{@id}/reactivate"><xsl:call-template name="token"/><button>Reactivate</button></form></xsl:when>
						<xsl:when test="@may-suspend"><a class="button ask" href="{$base}customers/{@id}/suspend">Suspend</a></xsl:when>
					</xsl:choose>
					<xsl:if test="@may-move"><a class="button" href="{$base}customers/{@id}/move">Move</a></xsl:if>
					<xsl:if test="@may-delete"><a class="button ask" href="{$base}customers/{@id}/delete">Delete</a></xsl:if>
				</div>
				<xsl:if test="@switch"><xsl:call-template name="switch-form"/></xsl:if>
			</section>
		</div>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
